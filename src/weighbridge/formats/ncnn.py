"""ncnn graphs (`.param`, `.param.bin`): layers by name or by number. Layers of others are C++ that somebody registers.

Layout: https://github.com/Tencent/ncnn/wiki/param-and-model-file-structure.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted, Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import KNOWN_OPERATORS

UNKNOWN = Threat(
    "NCNN-401",
    "ncnn graph holds a layer that is not ncnn's",
    KNOWN_OPERATORS,
    Severity.MEDIUM,
    what="The layer is C++ that the program which loads the graph has registered. What it does, that program knows.",
    remedy="Find out who brings the layer, and accept it by a waiver.",
)
THREATS = (UNKNOWN,)
MAGIC = 7767517
BINARY, TEXT = MAGIC.to_bytes(4, "little"), b"7767517"
LONGEST = 16 << 20
CUSTOM_BIT = 1 << 8
END, ARRAY = -233, -23300
KNOWN = frozenset(
    """AbsVal ArgMax BatchNorm Bias BNLL Concat Convolution Crop Deconvolution Dropout Eltwise ELU Embed Exp Flatten
    InnerProduct Input Log LRN MemoryData MVN Pooling Power PReLU Proposal Reduction ReLU Reshape ROIPooling Scale
    Sigmoid Slice Softmax Split SPP TanH Threshold Tile RNN LSTM BinaryOp UnaryOp ConvolutionDepthWise Padding Squeeze
    ExpandDims Normalize Permute PriorBox DetectionOutput Interp DeconvolutionDepthWise ShuffleChannel InstanceNorm Clip
    Reorg YoloDetectionOutput Quantize Dequantize Yolov3DetectionOutput PSROIPooling ROIAlign Packing Requantize Cast
    HardSigmoid SELU HardSwish Noop PixelShuffle DeepCopy Mish StatisticsPooling Swish Gemm GroupNorm LayerNorm Softplus
    GRU MultiHeadAttention GELU Convolution1D Pooling1D ConvolutionDepthWise1D Convolution3D ConvolutionDepthWise3D
    Pooling3D MatMul Deconvolution1D DeconvolutionDepthWise1D Deconvolution3D DeconvolutionDepthWise3D Einsum
    DeformableConv2D GLU Fold Unfold GridSample CumulativeSum CopyTo Erf Diag CELU Shrink RMSNorm Spectrogram
    InverseSpectrogram Flip SDPA RotaryEmbed""".split()
)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Layers as lines, or as numbers."""
    size = len(blob)
    if size > LONGEST:
        raise Exhausted(f"a graph of {size} bytes")
    blob.limits.spend("parsed", size)
    if blob.peek(0, 4) == BINARY:
        yield from numbered(blob)
    else:
        yield from named(blob, blob.read(0, size))


def named(blob: Blob, data: bytes) -> Iterator[Finding]:
    """The magic number, two counts, then a layer a line: its type, its name, and numbers."""
    at = 0
    told: set[str] = set()
    for number, line in enumerate(data.split(b"\n")):
        words = line.split()
        if number >= 2 and words and not line.startswith(b"#"):
            kind = words[0].decode("utf-8", "replace")
            if kind not in KNOWN and kind not in told:
                told.add(kind)
                yield UNKNOWN.found(blob.at(at), f"the layer {kind[:100]!a}", callable=f"ncnn.{kind[:100]}")
        at += len(line) + 1


def numbered(blob: Blob) -> Iterator[Finding]:
    """Magic, counts of layers and blobs; each layer: type, inputs, outputs, settings until a mark."""
    layers, at = number_at(blob, 4), 12
    if layers < 0 or layers * 16 > len(blob):
        raise Malformed(f"{layers} layers do not fit", 4)
    for _ in range(layers):
        kind, inputs, outputs = (number_at(blob, at + 4 * i) for i in range(3))
        if kind & CUSTOM_BIT:
            shown = f"custom layer {kind & ~CUSTOM_BIT}"
            yield UNKNOWN.found(blob.at(at), shown, callable=f"ncnn.{shown}")
        if inputs < 0 or outputs < 0:
            raise Malformed("a negative count", at)
        at = after_settings(blob, at + 12 + 4 * (inputs + outputs))


def after_settings(blob: Blob, at: int) -> int:
    while (key := number_at(blob, at)) != END:
        if key <= ARRAY:
            count = number_at(blob, at + 4)
            if count < 0:
                raise Malformed("a negative count", at + 4)
            at += 8 + 4 * count
        else:
            at += 8
    return at + 4


def number_at(blob: Blob, at: int) -> int:
    return int.from_bytes(blob.read(at, 4), "little", signed=True)


def probe(head: bytes, blob: Blob) -> bool:
    return head.startswith(BINARY) or head[7:9] in (b"\n", b"\r\n") or head[7:8] in (b"\n", b"\r", b"")


FORMAT = Format("ncnn", inspect, magic=(TEXT, BINARY), probe=probe, title="ncnn graph")
