"""What a weighing costs is exact: requests and bytes of a whole scan, against an organisation on this machine."""

import json
import random
import struct
import time
from threading import Lock

import pytest

from tests.builders.checkpoints import checkpoint
from tests.builders.dedup import CHUNK
from weighbridge.artifact import Limits
from weighbridge.gate import scan
from weighbridge.outside.http import Door
from weighbridge.policy.verdict import EvalOutcome
from weighbridge.settings import Settings
from weighbridge.sources.azure_artifacts import opened
from weighbridge.sources.azure_artifacts.address import parse
from weighbridge.sources.azure_artifacts.versions import Choice

GIB = 1 << 30
LISTING = 7  # the services, the feed, its list twice (each ended by an empty page), the version's metadata
MANIFEST = 2  # its address, and itself


@pytest.fixture
def doors(monkeypatch):
    """Every door that was opened: they count what came in."""
    made = []
    init = Door.__init__

    def counted(self, **options):
        init(self, **options)
        made.append(self)

    monkeypatch.setattr(Door, "__init__", counted)
    return made


def weighed(organisation, name, root):
    """The verdict on the one package of a feed, which holds the one file."""
    organisation.publish(organisation.feed(), "package", "1.0.0", {name: root})
    [verdict] = scan(Settings((f"azure-artifacts:{organisation.url}/ml/models",))).verdicts
    return verdict


def header(size, length):
    """A safetensors header of `length` bytes, for a file of `size` bytes."""
    entries, width = {}, (size - length - 8) // 500
    for i in range(500):
        stop = size - length - 8 if i == 499 else (i + 1) * width
        entries[f"layer.{i}"] = {"dtype": "U8", "shape": [stop - i * width], "data_offsets": [i * width, stop]}
    return struct.pack("<Q", length) + json.dumps(entries).encode().ljust(length)


def test_weighing_100_gib_of_safetensors_costs_its_header(organisation, doors):
    """A scan of it from the first request to the verdict: the header, the end of the file, and the way to both."""
    patches = {0: header(100 * GIB, 200_000), 100 * GIB - 80_000: b"numbers" * 10_000}
    root = organisation.blobs.sparse(100 * GIB, patches)

    verdict = weighed(organisation, "model.safetensors", root)

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert 200_000 <= verdict.files[0].bytes_read < 500_000 and verdict.files[0].size == 100 * GIB
    assert len(organisation.asked) - LISTING - MANIFEST <= 17
    assert sum(door.received for door in doors) < 500_000


def test_weighing_2_gib_of_torch_costs_50_requests(organisation, doors):
    """A thousand tensors and a pickle of 200 KB: the directory and the pickle, and no storage is visited."""
    root = checkpoint(organisation.blobs, 1000, (2 * GIB) // 1000 // 64 * 64)

    verdict = weighed(organisation, "model.pt", root)

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert "pytorch_v1_13" in verdict.files[0].formats
    assert [finding.threat.code for finding in verdict.reported] == ["ZIP-407"]
    assert len(organisation.asked) <= 50
    assert sum(door.received for door in doors) < 3_000_000


@pytest.mark.parametrize(("count", "gap"), [(3, 4096), (1, 0)], ids=["room between", "another reading"])
def test_storages_that_leave_room_are_visited(organisation, count, gap):
    """Where something may lie between two storages, every header is read, as on a disk."""
    lies = {"data/0": "data/0.pkl"}
    root = checkpoint(organisation.blobs, count, 64 * 1024, lies=lies, gap=gap or 200)

    verdict = weighed(organisation, "model.pt", root)

    assert "ZIP-401" in [finding.threat.code for finding in verdict.violations]
    assert verdict.eval_outcome is EvalOutcome.BLOCKED


def test_member_that_is_no_storage_is_visited(organisation):
    """What is read is read by both tables: a pickle under another name in its own header is found."""
    root = checkpoint(organisation.blobs, 3, 64 * 1024, lies={"version": "evil.pkl"})

    verdict = weighed(organisation, "model.pt", root)

    assert "ZIP-401" in [finding.threat.code for finding in verdict.violations]


def test_few_reads_are_in_flight_and_little_is_kept(organisation, monkeypatch):
    """A content of any size goes through a bounded memory, looked up by the batch, a few requests at a time."""
    monkeypatch.setattr("weighbridge.sources.azure_artifacts.store.KEPT", 64 * CHUNK)
    data = random.Random(1).randbytes(320 * CHUNK)
    organisation.publish(organisation.feed(), "package", "1.0.0", {"x.bin": data})
    flying, most, lock = [0], [0], Lock()

    def intercept(asked):
        if asked.path.startswith("/blobs/"):
            with lock:
                flying[0] += 1
                most[0] = max(most[0], flying[0])
            time.sleep(0.002)
            with lock:
                flying[0] -= 1

    organisation.intercept = intercept
    with opened(parse(f"{organisation.url}/ml/models"), Choice(), Door()) as source:
        [model] = source.models()
        [blob] = model.blobs(Limits())
        store, weights = source.reader.store, []
        for start in range(0, len(data), 10 * CHUNK):
            assert blob.read(start, 10 * CHUNK) == data[start : start + 10 * CHUNK]
            weights.append(store.weight)

    assert max(weights) <= 64 * CHUNK and len(weights) == 32
    assert 1 < most[0] <= 8
    assert organisation.count("/blobs/") == 320 + 2  # each chunk once, the node, the manifest
    assert organisation.count("dedup/urls") <= 2 + 32
