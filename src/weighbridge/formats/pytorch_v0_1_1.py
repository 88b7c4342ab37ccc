"""PyTorch before 0.1.10: a TAR of three pickles (sys_info, pickle, storages with tensors)."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding

FIRST = 16  # members among which they stand


def probe(head: bytes, blob: Blob) -> bool:
    """Members of those names; one that is cut begins as one."""
    from weighbridge.errors import Malformed
    from weighbridge.readers.tar import members

    found: set[str] = set()
    try:
        for count, member in enumerate(members(blob)):
            found.add(member.name.rpartition("/")[2])
            if count > FIRST:
                break
    except Malformed:
        pass
    return len(found & {"sys_info", "pickle", "storages", "tensors"}) >= 3


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The reading that this one refines says all that there is to say."""
    return iter(())


FORMAT = Format("pytorch_v0_1_1", inspect, probe=probe, refines=("tar",), title="PyTorch 0.1.1 to 0.1.9 (TAR)")
