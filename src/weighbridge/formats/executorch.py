"""ExecuTorch `.pte`: a program for devices. Its operators are C++, and a delegate hands its part to another runtime.

Layout: executorch/schema/program.fbs, and the extended header of schema/extended_header.h.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.formats._operators import OURS, REACHES_OUT
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import KNOWN_OPERATORS, LOAD_TIME_CODE_EXECUTION, RUNTIME_CODE_EXECUTION
from weighbridge.readers.flatbuffers import Table, root

REACHES = Threat(
    "PTE-401",
    "ExecuTorch operator reaches out of the model",
    RUNTIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=73,
    what="The program holds an operator that writes or maps a file of its choosing, or calls Python.",
    remedy="Export the model again without the operator.",
)
UNKNOWN = Threat(
    "PTE-402",
    "ExecuTorch operator or delegate that is not known",
    KNOWN_OPERATORS,
    Severity.MEDIUM,
    what="The operator's library, or the runtime that a part of the program is handed to, is none of ExecuTorch's own.",
    remedy="Find out which library brings it, and accept it by a waiver.",
)
COMPILED = Threat(
    "PTE-403",
    "ExecuTorch program carries a compiled library",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=829,
    what="What is handed to a delegate is machine code, which the delegate opens as a library of the process "
    "(AOTInductor's CUDA and Metal delegates do).",
    remedy="Take the model before it was compiled, and compile it yourself.",
    approvable=True,
)
THREATS = (REACHES, UNKNOWN, COMPILED)
PLANS, INLINE, SEGMENTS = 1, 3, 4
OPERATORS, DELEGATES = 6, 7
NAMESPACES = OURS | frozenset(
    "executorch_prim et_vk dim_order_ops llama torchao cadence cortex_m quantized_ops et_ops edge tosa qnn nxp "
    "custom_ops_aot_lib sgl_kernel mtk coreml mlx etrecord executorch_extension".split()
)
RUNTIMES = frozenset(
    """XnnpackBackend CoreMLBackend MPSBackend VulkanBackend QnnBackend EthosUBackend ArmBackend VgfBackend
    NeuropilotBackend EnnBackend OpenvinoBackend NeutronBackend CadenceBackend CudaBackend MetalBackend AotiBackend
    MLXBackend SamsungBackend BackendWithCompilerDemo ExecutorBackend demo""".split()
)
CODE = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa")


def probe(head: bytes, blob: Blob) -> bool:
    return head[4:6] == b"ET" and head[6:8].isdigit()


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Operators and delegates of every method, then what is handed to the delegates."""
    program = root(blob)
    told: set[str] = set()
    for plan in program.tables(PLANS):
        for operator in plan.tables(OPERATORS):
            name = operator.text(0)
            if name not in told:
                told.add(name)
                yield from operated(blob, operator.at, name)
        for delegate in plan.tables(DELEGATES):
            name = delegate.text(0)
            if name not in told and name not in RUNTIMES:
                told.add(name)
                message = f"the delegate {name[:100]!a} is not known"
                yield UNKNOWN.found(blob.at(delegate.at), message, callable=f"delegate.{name[:100]}")
    yield from handed(blob, program)


def operated(blob: Blob, at: int, name: str) -> Iterator[Finding]:
    if name in REACHES_OUT:
        yield REACHES.found(blob.at(at), f"{name} {REACHES_OUT[name]}", callable=name)
    elif name.partition("::")[0] not in NAMESPACES:
        message = f"{name[:100]!a} is no operator that is known"
        yield UNKNOWN.found(blob.at(at), message, callable=name[:100])


def handed(blob: Blob, program: Table) -> Iterator[Finding | Blob]:
    """Inline data and segments: numbers mostly. What begins as machine code is named, and looked into."""
    places = [inline.vector(0, 1) for inline in program.tables(INLINE)]
    base = int.from_bytes(blob.read(24, 8), "little") if blob.peek(8, 4)[:2] == b"eh" else 0
    for segment in program.tables(SEGMENTS):
        start, length = base + segment.integer(0, 8), segment.integer(1, 8)
        if start + length > len(blob):
            raise Malformed(f"a segment of {length} bytes runs past the end", segment.at)
        places.append((start, length))
    for number, (start, length) in enumerate(places):
        if length and blob.peek(start, 4).startswith(CODE):
            yield COMPILED.found(blob.at(start), "what is handed to a delegate is machine code", callable="delegate")
            yield blob.inside(f"delegate {number}", blob.part(start, length).data, origin=start)


FORMAT = Format(
    "executorch", inspect, probe=probe, suffixes=(".pte",), title="ExecuTorch (.pte)", first=b"E", first_at=4
)
