"""torch.package: a ZIP of Python sources and the pickles that need them. Loading it imports the sources.

Layout: torch/package/package_exporter.py: `.data/extern_modules` lists what comes from outside.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import RAW, Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.readers.torchzip import directory, is_record, is_storage, lowered, opened
from weighbridge.readers.zip import names

SHADOWS = Threat(
    "PKG-401",
    "Package brings a source under the name of a known module",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=427,
    what="The importer of a package prefers the package's own sources: a pickle that names an inert function of this "
    "module is answered by code of the package's choosing. The exporter leaves these modules outside, always.",
    remedy="Make the package again; modules of Python, of torch and of NumPy stay outside.",
)
SOURCES = Threat(
    "PKG-402",
    "Package brings Python sources",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=829,
    what="Loading the model imports the sources that lie beside it. They were read; what they do is told apart.",
    remedy="Review the sources, or store the weights alone.",
)
THREATS = (SHADOWS, SOURCES)
OUTSIDE = ("torch", "numpy")  # with libraries of their own, so that they cannot be packed


def probe(head: bytes, blob: Blob) -> bool:
    return "extern_modules" in names(blob)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Pickles are torch's, storages numbers; sources are counted, and read by whoever reads Python."""
    found = directory(blob)
    everything = lowered(found)
    sources = [member for member in found.members if member.name.lower().endswith((".py", ".pyc", ".pyi"))]
    for member in sources:
        module = module_of(member.name)
        if is_known(module.partition(".")[0]):
            message = f"{member.name[:200]!a} stands for the module {module[:100]}"
            yield SHADOWS.found(blob.at(member.header), message, callable=module[:200])
    if sources:
        shown = ", ".join(module_of(member.name)[:60] for member in sources[:5])
        yield SOURCES.found(blob.at(sources[0].header), f"{len(sources)} sources: {shown}")
    for member in found.members:
        name = member.name.lower()
        if is_storage(name, everything):
            found.settled.add(member.name)
            yield blob.inside(member.name, b"", loader=RAW, origin=member.header)
        elif is_record(blob, member, name[name.rfind("/") + 1 :]):
            found.settled.add(member.name)
        elif name.endswith(".pkl"):
            yield blob.inside(member.name, opened(blob, member), loader="pytorch", origin=member.header)


def module_of(name: str) -> str:
    """`pkg/torch/_utils.py` is the module `torch._utils` of the package `pkg`."""
    path = name.partition("/")[2].rpartition(".")[0].removesuffix("/__init__")
    return path.replace("/", ".")


def is_known(top: str) -> bool:
    from weighbridge.policy.callables import is_module

    return top in OUTSIDE or is_module(top)


FORMAT = Format("pytorch_package", inspect, probe=probe, refines=("zip",), title="torch.package")
