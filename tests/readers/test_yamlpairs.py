"""YAML's keys and values, in every spelling that a loader reads."""

import time

import pytest

from weighbridge.readers.yamlpairs import Pair, pairs

SPELT = {
    "plain": "a:\n  k: os.system\n",
    "quoted": "a:\n  'k': \"os.system\"\n",
    "escaped": 'a:\n  "\\x6b": "\\u006fs.system"\n',
    "flow": "a: { b: 1, k : os.system , c: [x] }\n",
    "json": '{"a": {"b": [1], "k":"os.system"}}',
    "explicit": "a:\n  ? k\n  : os.system\n",
    "folded": "a:\n  k: >-\n    os.system\n  c: 1\n",
    "literal": "a:\n  k: |\n    os.system\n  c: 1\n",
    "tag": "a:\n  k: !!str os.system\n",
    "anchored": "a:\n  k: &x os.system\n",
    "alias": "z: &x os.system\na:\n  k: *x\n",
    "next line": "a:\n  k:\n    os.system\n",
    "comment between": "a:\n  k: # nothing\n    os.system # more\n",
    "in a list": "a:\n  - - k: os.system\n",
    "windows": "a:\r\n  k: os.system\r\n",
    "text within": "a: |\n  b: 1\n  k: os.system\n",
    "second document": "a: 1\n---\nk: os.system\n",
}


@pytest.mark.parametrize("text", SPELT.values(), ids=SPELT)
def test_every_spelling_is_one_key_with_one_value(text):
    """Whatever the quotes, escapes, anchors, lines and comments."""
    assert [pair.value for pair in pairs(text) if pair.key == "k" and pair.value] == ["os.system"]


def test_place_and_tag_of_a_value():
    """Where it begins, and what stands before it; a tag before a list is told by itself."""
    text = "a: it's\nb: !new:x.Y [1]\nc: http://h:80/p#q\n"

    assert list(pairs(text)) == [
        Pair("a", "it's", 3),
        Pair("b", "", 11, "!new:x.Y"),
        Pair("b", "1", 21),
        Pair("c", "http://h:80/p#q", 27),
    ]


HOSTILE = ['"' * 60_001, "'" * 60_001, "a: |\n" * 30_000, "[" * 90_000, "? " * 60_000, "a:" * 60_000, "&a *a " * 30_000]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_reading_costs_what_is_read(text):
    """Whatever is left open, or nests."""
    before = time.process_time()
    for _ in pairs(text):
        pass
    assert time.process_time() - before < 5
