"""The index of shards names files that the loader opens."""

import json

import pytest

from weighbridge.artifact import Blob, Limits
from weighbridge.engines.static.walk import Walk
from weighbridge.formats.safetensors_index import LEADS_OUT, NO_INDEX


def walked(index, path="model.safetensors.index.json") -> Walk:
    walk = Walk()
    walk.weigh(Blob(path, json.dumps(index).encode(), Limits()))
    return walk


def test_index_of_neighbours_is_honest():
    """Shards beside the index."""
    walk = walked({"metadata": {"total_size": 8}, "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "x/y"}})

    assert walk.findings == []
    assert set(walk.tallies[0].formats) == {"safetensors_index", "json"}


@pytest.mark.parametrize(
    "shard", ["../../other/model.bin", "/etc/passwd", "https://host.invalid/x", "\\\\host\\x", "~/x", "a\nb", "C:\\x"]
)
def test_shard_outside_the_model_is_found(shard):
    """A path that climbs, is absolute or is an address, whatever the file is called."""
    [finding] = walked({"weight_map": {"a": shard}}, "notes.txt").findings

    assert finding.threat is LEADS_OUT


@pytest.mark.parametrize("mapping", [["a"], {"a": 1}, "a"])
def test_map_that_is_none_is_found(mapping):
    """A loader fails on it, or makes of it what it likes."""
    [finding] = walked({"weight_map": mapping}).findings

    assert finding.threat is NO_INDEX
