"""JSON: recognised by content, walked at any size, and never a reason to block an honest text."""

import json

import pytest

from weighbridge.artifact import Blob, Limits
from weighbridge.engines.static.walk import BROKEN, STRANGE, Walk
from weighbridge.formats import recognise
from weighbridge.formats.json import IRREGULAR, REPEATED
from weighbridge.readers.jsontext import SMALL

LARGE = json.dumps([{"merges": ["a b", 'c\\" d', "é"], "n": [1.5e-3, -2], "t": [True, None]}] * (SMALL // 50)).encode()


def walked(data: bytes, path: str) -> Walk:
    walk = Walk()
    walk.weigh(Blob(path, data, Limits()))
    return walk


def told(data: bytes, path="x") -> tuple[list[str], list[str]]:
    walk = walked(data, path)
    return list(walk.tallies[0].formats), [finding.threat.code for finding in walk.findings]


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[]",
        b' \n{"a": [1, 2, {"b": null}]}\n',
        b"\xef\xbb\xbf[true]",
        b'[NaN, -Infinity, 1e5, "\\u00e9"]',
        b'{"a": 1}\n{"a": 2}\n',
        LARGE,
        b'["' + b"A" * (3 * SMALL) + b'"]',
        b"[" + b"1," * SMALL + b"1]",
    ],
)
def test_json_is_recognised_without_a_name(data):
    """Objects, lists, JSON lines, NaN, a byte order mark, and any size."""
    assert told(data) == (["json"], [])


def test_utf_16_is_read_where_the_name_says_json():
    """Loaders guess the encoding, and so do we."""
    assert told('{"a": 1}'.encode("utf-16"), "a.json") == (["json"], [])


@pytest.mark.parametrize("data", [b"3", b'"x"', b"null", b"[" * 5000 + b"]" * 5000])
def test_bare_and_deep_values_are_json_by_name(data):
    """A number is JSON too, and depth alone is no fault."""
    assert told(data, "a.json") == (["json"], [])


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": 1,} // why not',
        b"{a: 1}",
        b'{"a": 1',
        b'{"cut": "off',
        b"",
        LARGE[:-1],
        LARGE + b"// the end",
        b"see [1]",
    ],
)
def test_text_that_is_no_json_is_told_and_not_blocked(data):
    """Comments, trailing commas and cut ends break a loader, not a machine."""
    _, codes = told(data, "a.json")

    assert codes == ([IRREGULAR.code] if data else [])


def test_duplicate_keys_are_told():
    """Parsers differ in which they keep."""
    assert told(b'{"a": 1, "b": {"c": 1, "c": 2}}')[1] == [REPEATED.code]


@pytest.mark.parametrize(
    "data", [b"{{ messages }}", b"{% for m in x %}{% endfor %}", b"[section]\nk=v\n", b"[x]: http://a"]
)
def test_templates_and_settings_are_not_taken_for_json(data):
    """A brace or a bracket makes no JSON."""
    assert "json" not in [format.name for format in recognise(Blob("x", data, Limits()))]


def test_pickle_called_json_is_not_json():
    """The name decides nothing where the content speaks or is no text."""
    formats, codes = told(b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00}\x94.", "a.json")

    assert "pickle" in formats or codes == [BROKEN.code]


@pytest.mark.parametrize("head", [b'{"a": 1}', LARGE])
def test_binary_behind_json_is_looked_into(head):
    """A polyglot: what follows the last bracket is another blob."""
    walk = walked(head + b"\0\1\2\3", "a.json")

    assert BROKEN in [finding.threat for finding in walk.findings]
    assert [f.location.offset for f in walk.findings if f.threat is BROKEN] == [len(head)]


def test_large_json_is_not_held():
    """A window at a time, however large."""
    spent = Limits()

    list(recognise(Blob("x", LARGE, spent))[0].inspect(Blob("x", LARGE, spent)))

    assert spent.left["parsed"] == Limits().left["parsed"]
    assert STRANGE not in [finding.threat for finding in walked(LARGE, "x").findings]
