"""Text: what nothing else recognises, and a person could read."""

import pytest

from weighbridge.artifact import Blob, Limits
from weighbridge.engines.static.walk import STRANGE, Walk
from weighbridge.formats.text import BINARY
from weighbridge.policy.security_group import STRICT


def told(data: bytes, path="README") -> tuple[list[str], list[str]]:
    walk = Walk()
    walk.weigh(Blob(path, data, Limits()))
    return list(walk.tallies[0].formats), [finding.threat.code for finding in walk.findings]


@pytest.mark.parametrize(
    "data",
    [
        b"# A model\n",
        "Modèle à peser\n".encode(),
        "Modèle à peser\n".encode("latin-1"),
        "模型\n".encode("utf-16"),
        "模型称重 ".encode("gbk") * 20,
        b"\x1b[32mgreen\x1b[0m\n",
        b"the 0.1 0.2 0.3\n" * 300_000,
        ("é" * 4095 + "xx").encode(),
    ],
)
def test_words_are_text(data):
    """Any encoding in which people write, of any length."""
    assert told(data) == (["text"], [])


@pytest.mark.parametrize("data", [b"\0\1\2", bytes(range(256)), b"\xe9\xff\xfe\xe8\x90", "a\0b".encode("utf-16")])
def test_controls_are_no_text(data):
    """Bytes that no text holds."""
    assert told(data) == ([], [STRANGE.code])


def test_text_is_no_format_for_models():
    """A README beside the weights is neither approved nor unapproved."""
    from weighbridge.formats.text import FORMAT

    assert not FORMAT.approvable
    assert FORMAT.name not in STRICT.approved_formats


@pytest.mark.parametrize("words", [5_000, 70_000, 3_000_000])
def test_what_follows_a_text_is_looked_into(words):
    """A script with something packed behind it: told, and walked from where the text ends."""
    data = (b"words\n" * words)[:words] + b"\0\1\2\3" * 20_000

    formats, codes = told(data)

    assert formats == ["text"]
    assert codes[0] == BINARY.code
