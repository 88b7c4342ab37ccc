"""TensorFlow operators that reach out of the model: what each does, and which input or attribute says where."""

from __future__ import annotations

from enum import Enum

from weighbridge.typed import NamedTuple


class When(Enum):
    """ALWAYS: no model has a use for it. PATH: only where the path is not the caller's, an asset's or a plain name.

    GRAPH: only where the graph is not a constant that could be read.
    READ: as ALWAYS, but a picture that the caller names may be decoded. NAMED: only where an attribute says so.
    """

    ALWAYS = 1
    PATH = 2
    READ = 3
    NAMED = 4
    GRAPH = 5


class Deed(NamedTuple):
    """`grave`: code, writing or a connection; else reading. `inputs` and `attributes` say where to."""

    does: str
    grave: bool
    when: When
    inputs: tuple[int, ...] = ()
    attributes: tuple[str, ...] = ()


def several(names: str, deed: Deed) -> dict[str, Deed]:
    return dict.fromkeys(names.split(), deed)


DEEDS = {
    **several("PyFunc PyFuncStateless EagerPyFunc", Deed("calls Python", True, When.ALWAYS, (), ("token",))),
    **several(
        "XlaCustomCall XlaCustomCallV2",
        Deed("calls native code", True, When.ALWAYS, (), ("target_name", "call_target_name")),
    ),
    "RemoteFusedGraphExecute": Deed("runs a graph elsewhere", True, When.ALWAYS),
    "WriteFile": Deed("writes a file", True, When.ALWAYS, (0, 1)),
    "PrintV2": Deed("writes to a file", True, When.NAMED, (), ("output_stream",)),
    **several(
        "DebugIdentity DebugIdentityV2 DebugIdentityV3 DebugNanCount DebugNumericSummary",
        Deed("sends what it is given", True, When.NAMED, (), ("debug_urls",)),
    ),
    **several("CreateSummaryFileWriter CreateSummaryDbWriter", Deed("writes files", True, When.ALWAYS, (1,))),
    **several("DatasetToTFRecord ExperimentalDatasetToTFRecord", Deed("writes a file", True, When.ALWAYS, (1,))),
    **several(
        "SaveDataset SaveDatasetV2 SnapshotDataset SnapshotDatasetV2", Deed("writes files", True, When.ALWAYS, (1,))
    ),
    **several("DistributedSave", Deed("writes files", True, When.ALWAYS, (1, 2))),
    **several("CacheDataset CacheDatasetV2", Deed("writes files", True, When.PATH, (1,))),
    **several("Save SaveSlices SaveV2", Deed("writes a file", True, When.PATH, (0,))),
    "MergeV2Checkpoints": Deed("writes and removes files", True, When.PATH, (0, 1)),
    **several("FileSystemSetConfiguration", Deed("changes how files are reached", True, When.ALWAYS, (0, 1, 2))),
    **several("GcsConfigureBlockCache GcsConfigureCredentials", Deed("sets credentials", True, When.ALWAYS, (0,))),
    **several(
        "Rpc TryRpc RpcCall RpcClient RpcServer RpcServerStart RpcServerStop RpcServerRegister RpcCheckStatus "
        "RpcGetValue",
        Deed("talks to another machine", True, When.ALWAYS, (0, 1)),
    ),
    **several(
        "DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4",
        Deed("talks to another machine", True, When.ALWAYS, (2, 3)),
    ),
    **several(
        "KafkaDataset BigtableClient BigtableTable GenerateBigQueryReaderPartitions",
        Deed("talks to another machine", True, When.ALWAYS, (0,)),
    ),
    **several("RegisterDataset RegisterDatasetV2", Deed("talks to another machine", True, When.ALWAYS, (1, 2))),
    "Abort": Deed("ends the process", False, When.ALWAYS, (), ("error_msg",)),
    "ReadFile": Deed("reads a file", False, When.READ, (0,)),
    "MatchingFiles": Deed("lists files", False, When.ALWAYS, (0,)),
    **several("MatchingFilesDataset ExperimentalMatchingFilesDataset", Deed("lists files", False, When.ALWAYS, (0,))),
    **several(
        "FixedLengthRecordDataset FixedLengthRecordDatasetV2 CSVDataset CSVDatasetV2 ExperimentalCSVDataset "
        "TextLineDataset TFRecordDataset TFRecordDatasetV2 LMDBDataset ExperimentalLMDBDataset LoadDataset",
        Deed("reads files", False, When.ALWAYS, (0,)),
    ),
    **several("SqlDataset ExperimentalSqlDataset", Deed("queries a database", False, When.ALWAYS, (0, 1, 2))),
    **several(
        "WholeFileReader WholeFileReaderV2 TextLineReader TextLineReaderV2 TFRecordReader TFRecordReaderV2 LMDBReader "
        "FixedLengthRecordReader FixedLengthRecordReaderV2 BigQueryReader",
        Deed("reads files", False, When.ALWAYS),
    ),
    "ImmutableConst": Deed("maps a file", False, When.NAMED, (), ("memory_region_name",)),
    **several(
        "InitializeTableFromTextFile InitializeTableFromTextFileV2", Deed("reads a file", False, When.PATH, (1,))
    ),
    **several("Restore RestoreSlice RestoreV2", Deed("reads a file", False, When.PATH, (0,))),
    **several(
        "SimpleMLLoadModelFromPath SimpleMLLoadModelFromPathWithHandle", Deed("reads files", False, When.PATH, (0, 1))
    ),
    "RecordInput": Deed("reads files", False, When.NAMED, (), ("file_pattern",)),
    "Skipgram": Deed("reads a file", False, When.NAMED, (), ("filename",)),
    "FixedUnigramCandidateSampler": Deed("reads a file", False, When.NAMED, (), ("vocab_file",)),
    **several("DecodeProtoV2 EncodeProto", Deed("reads a file", False, When.NAMED, (), ("descriptor_source",))),
    **several("SnapshotDatasetReader ListSnapshotChunksDataset", Deed("reads files", False, When.ALWAYS, (0,))),
    "SnapshotChunkDataset": Deed("reads a file", False, When.ALWAYS, (0,)),
    "GenerateVocabRemapping": Deed("reads files", False, When.PATH, (0, 1)),
    **several("LoadAndRemapMatrix DTensorRestoreV2", Deed("reads a file", False, When.PATH, (0,))),
    "CalibrationStatisticsSaver": Deed("writes a file", True, When.NAMED, (), ("output_file_path",)),
    **several("Copy CopyHost", Deed("sends what it is given", True, When.NAMED, (), ("debug_ops_spec",))),
    "WorkerHeartbeat": Deed("may end the process", False, When.ALWAYS, (0,)),
    "DumpTensor": Deed("writes a file", True, When.ALWAYS, (), ("log_dir_path", "file_name")),
    "MlirPassthroughOp": Deed("runs a program of its own", True, When.ALWAYS),
    "DatasetFromGraph": Deed("runs a graph that is not there to read", False, When.GRAPH, (0,)),
}
PASSES_ON = frozenset(  # operators whose output is made of the texts that they are given
    """Identity IdentityN StringJoin ShardedFilename Reshape ExpandDims Squeeze Pack Concat ConcatV2 Select SelectV2
    Switch RefSwitch Merge RefMerge StridedSlice Slice Unpack Split SplitV Enter Exit NextIteration
    PlaceholderWithDefault StringStrip StringLower StringUpper RegexReplace StaticRegexReplace Substr StringFormat
    Snapshot Gather GatherV2 Fill Tile ReduceJoin EnsureShape StopGradient PreventGradient CheckNumerics Cast
    BroadcastTo Transpose DeepCopy LoopCond RandomShuffle""".split()
)
PLAIN = frozenset(  # operators that make no text of anybody's choosing
    """AsString StringLength Shape Rank Size StaticRegexFullMatch RegexFullMatch Equal NotEqual Less Range
    LogicalAnd LogicalOr LogicalNot NoOp""".split()
)
FROM_CALLER = frozenset({"Placeholder", "PlaceholderV2", "_Arg", "_Retval"})
DECODERS = frozenset(
    """DecodeImage DecodeJpeg DecodePng DecodeBmp DecodeGif DecodeWebP DecodeWav DecodeAndCropJpeg
    ExtractJpegShape""".split()
)
