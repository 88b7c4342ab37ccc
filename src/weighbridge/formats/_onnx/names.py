"""The operators of the ONNX standard, of all its versions, and those of onnxruntime-extensions."""

STANDARD = frozenset(
    """
    ATen Abs Acos Acosh Add Affine AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention
    AttributeHasValue AveragePool BatchNormalization Bernoulli BitCast BitShift BitwiseAnd BitwiseNot BitwiseOr
    BitwiseXor BlackmanWindow Caffe2ConvTranspose Cast CastLike CausalConvWithState Ceil Celu CenterCropPad Clip
    Col2Im Compress Concat ConcatFromSequence Constant ConstantFill ConstantOfShape Conv ConvInteger
    ConvTranspose Cos Cosh Crop CumProd CumSum DFT DeformConv DepthToSpace DequantizeLinear Det Div Dropout
    DynamicQuantizeLinear DynamicSlice Einsum Elu Equal Erf Exp Expand ExperimentalOp EyeLike Flatten
    FlexAttention Floor GRU GRUUnit Gather GatherElements GatherND Gelu Gemm GivenTensorFill GlobalAveragePool
    GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HammingWindow HannWindow
    HardSigmoid HardSwish Hardmax Identity If ImageDecoder ImageScaler InstanceNormalization IsInf IsNaN LRN
    LSTM LayerNormalization LeakyRelu Less LessOrEqual LinearAttention Log LogSoftmax Loop LoopIndexTensor
    LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool MaxpoolWithMask Mean
    MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul Multinomial Neg NegativeLogLikelihoodLoss
    NonMaxSuppression NonZero Not OneHot Optional OptionalGetElement OptionalHasElement Or PRelu Pad
    ParametricSoftplus Pow QLinearConv QLinearMatMul QuantizeLinear RMSNormalization RNN RandomNormal
    RandomNormalLike RandomUniform RandomUniformLike Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum
    ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare RegexFullMatch Relu
    Reshape Resize ReverseSequence RoiAlign RotaryEmbedding Round STFT Scale ScaledTanh Scan ScanVarLen Scatter
    ScatterElements ScatterND Selu SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert
    SequenceLength SequenceMap Shape Shrink Sigmoid Sign SimpleLayerNormalization SimplifiedLayerNormalization
    Sin Sinh Size SkipLayerNormalization Slice Softmax SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth
    Split SplitToSequence Sqrt Squeeze StringConcat StringNormalizer StringSplit Sub Sum SwiGLU Swish Tan Tanh
    TensorScatter TfIdfVectorizer ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor
    """.split()
)
MACHINE_LEARNING = frozenset(
    """
    ArrayFeatureExtractor Binarizer CastMap CategoryMapper DictVectorizer FeatureVectorizer Imputer LabelEncoder
    LinearClassifier LinearRegressor Normalizer OneHotEncoder SVMClassifier SVMRegressor Scaler TreeEnsemble
    TreeEnsembleClassifier TreeEnsembleRegressor ZipMap
    """.split()
)
EXTENSIONS = frozenset(
    """
    AddSharedInput AudioDecoder BasicTokenizer BertTokenizer BertTokenizerDecoder BlingFireSentenceBreaker
    ByteToString CLIPTokenizer DecodeImage DrawBoundingBoxes EPContext EncodeImage GPT2Tokenizer GaussianBlur
    HfBertTokenizer HfJsonTokenizer ImageDecoder ImageReader Inverse MaskedFill MaskedScatterNDOfShape
    MelFilterbank MulMulSigmoid MulSharedInput MulSigmoid MulSub NegPos NegXPlus1 OpenAIAudioToText
    RaggedTensorToDense RaggedTensorToSparse ReplaceZero RobertaTokenizer Rotary STFT ScatterNDOfShape
    SegmentExtraction SegmentSum SentencepieceDecoder SentencepieceTokenizer StftNorm StringConcat
    StringConcatRaggedTensor StringECMARegexReplace StringECMARegexSplitWithOffsets StringEqual StringHash
    StringHashFast StringJoin StringLength StringLower StringMapping StringRaggedTensorToDense
    StringRegexReplace StringRegexSplitWithOffsets StringSplit StringStrip StringToVector StringUpper SubMul
    Transpose2DCastFP16 Transpose2DCastFP32 TrieDetokenizer TrieTokenizer VectorToString WhisperDecoder
    WordpieceTokenizer
    """.split()
)
