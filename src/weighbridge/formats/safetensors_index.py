"""safetensors index: which shard holds which tensor. A shard's name is a path that the loader opens."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.readers.jsontext import parse
from weighbridge.readers.names import leads_out

LEADS_OUT = Threat(
    "SFT-406",
    "Index names a shard outside the model",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=22,
    what="The loader opens every file that the index names. A path that climbs, is absolute or is an address makes it "
    "read what nobody weighed.",
    remedy="Put the shards beside the index, and name them by their file names.",
)
NO_INDEX = Threat(
    "SFT-407",
    "Index maps no tensors to files",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=20,
    what="`weight_map` must map names of tensors to names of files; a loader fails on this one, or makes of it "
    "what it likes.",
    remedy="Write the index again with the library that wrote the shards.",
)
THREATS = (LEADS_OUT, NO_INDEX)


def probe(head: bytes, blob: Blob) -> bool:
    return b'"weight_map"' in head or blob.path.lower().endswith(".index.json")


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every shard must lie in the model's own folder."""
    blob.limits.spend("parsed", len(blob))
    try:
        index = parse(blob.read(0, len(blob))).value
    except Malformed:
        return  # told by the JSON that this is
    shards = index.get("weight_map") if isinstance(index, dict) else None
    if shards is None:
        return
    if not isinstance(shards, dict) or not all(isinstance(shard, str) for shard in shards.values()):
        yield NO_INDEX.found(blob.at(), "weight_map does not map names to file names")
        return
    for shard in sorted(set(shards.values())):
        if fault := leads_out(shard):
            yield LEADS_OUT.found(blob.at(), f"the shard {shard!r} {fault}")


FORMAT = Format(
    "safetensors_index",
    inspect,
    probe=probe,
    refines=("json",),
    title="Index of safetensors (or PyTorch) shards",
    names=(".index.json",),
    holds=(b"weight_map",),
)
