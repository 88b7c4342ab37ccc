"""Custom operators that LiteRT, LiteRT Micro, MediaPipe and the makers of accelerators bring along."""

from __future__ import annotations

KNOWN = frozenset(
    """
    TFLite_Detection_PostProcess Mfcc AudioSpectrogram ParseExample ParseExampleV2 HashTableV2 HashTable HashTableFind
    HashTableLookup HashTableSize HashTableImport Extract_features Predict Normalize PREDICT EXTRACT_FEATURES NORMALIZE
    NumericVerify NUMERIC_VERIFY Rfft2d RFFT2D Irfft2d Multinomial RandomStandardNormal RandomUniform Roll Sign Atan2
    UnsortedSegmentMax
    TFSentencepieceTokenizeOp TFSentencepieceTokenizer SentencepieceTokenizer SentencepieceDetokenizer
    WhitespaceTokenizer WHITESPACE_TOKENIZER NGRAMS Ngrams RaggedTensorToTensor RaggedGather NGRAM
    Convolution2DTransposeBias MaxPoolingWithArgmax2D MaxUnpooling2D TransformLandmarks TransformTensor
    TransformTensorBilinear Landmarks2TransformMatrix Landmarks_to_transform_matrix FUSED_BATCH_NORM KMeans
    edgetpu-custom-op ethos-u DISPATCH_OP qnn hexagon aie_delegate DelegateCustomOp custom_call XlaCallModule
    AvgPool3D MaxPool3D MaxPool3DGrad AvgPool3DGrad Conv3DTranspose ImageResize RnntJointNetwork RNN CIRCULAR_BUFFER
    xtensa
    """.split()
)
PREFIXES = ("Signal", "STABLEHLO_", "TFLite_", "odml.", "litert.", "tfl.", "aeq.")
FLEX = "Flex"


def is_known(name: str) -> bool:
    return name in KNOWN or name.startswith(PREFIXES)
