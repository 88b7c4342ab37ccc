"""GGUF: llama.cpp weights, and the template that rides in their metadata."""

import pytest

from tests.builders.gguf import F32, gguf
from tests.builders.models import blocking
from tests.builders.models import weighed as verdict_on
from weighbridge.artifact import Blob, Limits
from weighbridge.artifact.file import FileBytes
from weighbridge.engines.static.walk import Walk
from weighbridge.errors import Malformed
from weighbridge.formats.gguf import OVERFLOW, STRANGE_NAME, TWICE, inspect
from weighbridge.formats.jinja import GGUF_ESCAPE, GGUF_SUSPICIOUS

HONEST = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>{% endfor %}"
)


def weighed(data: bytes) -> list[tuple[str, str]]:
    walk = Walk()
    walk.weigh(Blob("m.gguf", data, Limits()))
    assert not walk.errors
    return [(finding.threat.code, finding.location.path) for finding in walk.findings]


def test_honest_file_says_nothing():
    """Metadata of every kind, a template and aligned tensors are what a GGUF is made of."""
    metadata = {
        "general.architecture": "llama",
        "llama.block_count": 2,
        "x.flag": True,
        "x.scale": 0.5,
        "tokenizer.ggml.tokens": ["exec(", "__class__", "../a"],
        "tokenizer.ggml.types": [1, 2, 3],
        "tokenizer.chat_template": HONEST,
    }
    tensors = [("blk.0.attn/q.weight", (4, 2), F32, 0), ("output.weight", (4,), F32, 32)]

    assert weighed(gguf(metadata, tensors, bytes(64))) == []


def test_template_that_climbs_to_builtins_is_found():
    """CVE-2024-34359: a template that walks to `__subclasses__` runs commands outside a sandbox."""
    data = gguf({"tokenizer.chat_template": "{{ ''.__class__.__mro__[1].__subclasses__() }}"})

    assert set(weighed(data)) == {(GGUF_ESCAPE.code, "m.gguf!tokenizer.chat_template")}


def test_template_under_a_name_of_its_own_is_found_too():
    """Named templates (`tokenizer.chat_template.tool_use`) are rendered as well."""
    data = gguf({"tokenizer.chat_template": HONEST, "tokenizer.chat_template.tool_use": "{{ x|attr('__globals__') }}"})

    assert weighed(data) == [(GGUF_ESCAPE.code, "m.gguf!tokenizer.chat_template.tool_use")]


def test_template_that_answers_to_a_word_is_suspicious():
    """A poisoned template changes what is said, and no weight."""
    poisoned = HONEST + "{% if 'invoice' in messages[-1]['content'] %}Pay at https://pay.invalid{% endif %}"

    assert weighed(gguf({"tokenizer.chat_template": poisoned})) == [
        (GGUF_SUSPICIOUS.code, "m.gguf!tokenizer.chat_template")
    ]


@pytest.mark.parametrize(
    "dimensions",
    [(2**62, 4), (2**32, 2**32), (2**63 - 1, 2), (3, 2**61, 8)],
    ids=["CVE-2025-53630", "CVE-2026-27940", "CVE-2026-33298", "three dimensions"],
)
def test_sizes_that_overflow_are_found(dimensions):
    """Sizes are multiplied in exact integers: what wraps to nothing in 64 bits does not fit here."""
    assert weighed(gguf((), [("w", dimensions, F32, 0)], bytes(64))) == [(OVERFLOW.code, "m.gguf")]


def test_tensor_past_the_end_is_found():
    """A tensor must lie within the file."""
    assert weighed(gguf((), [("w", (16,), F32, 32)], bytes(64))) == [(OVERFLOW.code, "m.gguf")]


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "a\x00b", "..\\..\\x", "a\r\nb"])
def test_name_that_is_a_path_is_found(name):
    """Tensors are unpacked by name: a name that climbs does not pass."""
    assert (STRANGE_NAME.code, "m.gguf") in weighed(gguf((), [(name, (1,), F32, 0)], bytes(32)))


def test_key_twice_is_found():
    """Which of two equal keys counts is the loader's secret."""
    data = gguf([("a", 1), ("a", 2)])

    assert weighed(data) == [(TWICE.code, "m.gguf")]


def test_what_trails_the_tensors_is_looked_into():
    """Bytes after the last tensor are another thing to look at."""
    data = gguf((), [("w", (8,), F32, 0)], bytes(32) + b"\x80\x04cposix\nsystem\n(X\x02\x00\x00\x00idtR.")

    blobs = [seen for seen in inspect(Blob("m.gguf", data, Limits())) if isinstance(seen, Blob)]

    assert [blob.peek(0, 2) for blob in blobs] == [b"\x80\x04"]


def test_cut_anywhere_is_malformed_or_short():
    """No cut of the header passes for a whole file."""
    data = gguf({"tokenizer.chat_template": HONEST, "n": [1, 2]}, [("w", (8,), F32, 0)], bytes(32))
    for length in range(4, len(data)):
        blob = Blob("m.gguf", data[:length], Limits())
        try:
            found = [seen for seen in inspect(blob) if not isinstance(seen, Blob)]
        except Malformed:
            continue
        assert [finding.threat for finding in found] == [OVERFLOW], length


def test_huge_counts_are_refused_before_they_cost_anything():
    """A count is a claim: what cannot fit is not tried."""
    data = b"GGUF" + (3).to_bytes(4, "little") + (2**60).to_bytes(8, "little") * 2

    with pytest.raises(Malformed, match="cannot fit"):
        list(inspect(Blob("m.gguf", data, Limits())))


def test_two_gigabytes_cost_a_header(tmp_path):
    """The weights of a large file are never read."""
    import os

    count = 500_000_000
    path = tmp_path / "m.gguf"
    path.write_bytes(gguf({"a": 1}, [("w", (count,), F32, 0)], b""))
    os.truncate(path, path.stat().st_size + 4 * count)
    with path.open("rb") as file:
        data = FileBytes(file.fileno(), path.stat().st_size, "m.gguf")
        assert list(inspect(Blob("m.gguf", data, Limits()))) == []
    assert data.count <= 1 << 17


@pytest.mark.parametrize(
    "rows",
    [
        [("a", ((1 << 64) - 1, 0), 0, 0)],
        [("a", (8,), 0, 0), ("b", (8,), 0, 0)],
        [("a", (4,), 250, 0)],
        [("a", (32,), 4, 0)],
        [("a", (4,), 100, 1 << 60)],
    ],
    ids=["length beyond 63 bits", "overlap", "type of nobody", "type that is gone", "unknown type behind the end"],
)
def test_tensor_that_cannot_be(rows):
    """What ggml refuses, or multiplies wrongly: told with the tensor."""
    verdict = verdict_on(gguf({"general.architecture": "llama"}, rows, bytes(64)), "m.gguf")
    assert "GGUF-401" in [f.threat.code for f in blocking(verdict)]


@pytest.mark.parametrize("name", ["C:/x", "\u202egpj.x", "..", "a\\..\\..\\b"])
def test_name_that_is_a_path_of_any_system(name):
    """Drives, marks that turn the writing, steps upwards."""
    verdict = verdict_on(gguf({}, [(name, (4,), 0, 0)], bytes(32)), "m.gguf")
    assert "GGUF-402" in [f.threat.code for f in blocking(verdict)]


def test_alignment_that_is_no_number():
    """llama.cpp asserts its type; a file that says otherwise is no GGUF."""
    assert blocking(verdict_on(gguf({"general.alignment": "32"}, [("a", (4,), 0, 0)], bytes(32)), "m.gguf"))
