"""Every blob past every format that can read it, and into whatever it holds."""

import pytest

from weighbridge.artifact import Blob, Limits
from weighbridge.artifact.blob import RAW
from weighbridge.engines.static import walk as house
from weighbridge.engines.static.walk import BROKEN, OPAQUE, STRANGE, UNBOUNDED, Walk
from weighbridge.errors import Exhausted, GateError, Malformed, Undecodable
from weighbridge.formats import Format
from weighbridge.policy.finding import Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION
from weighbridge.policy.verdict import FileResult

BAD = Threat("T-1", "bad", LOAD_TIME_CODE_EXECUTION, Severity.HIGH)


@pytest.fixture
def formats(monkeypatch):
    """A shelf of the test's own: each format recognises what begins with its name."""
    shelf: list[Format] = []
    monkeypatch.setattr(
        house, "recognise", lambda blob: [f for f in shelf if blob.peek(0, 9).startswith(f.name.encode())]
    )

    def add(name, inspect):
        shelf.append(Format(name, inspect, magic=(name.encode(),)))

    return add


def weighed(data: bytes, path="m.bin", **bounds) -> Walk:
    walk = Walk()
    walk.weigh(Blob(path, data, Limits(**bounds)))
    return walk


def codes(walk: Walk) -> list[str]:
    return [finding.threat.code for finding in walk.findings]


def raising(error: BaseException):
    def inspect(blob):
        yield BAD.found(blob.at(0), "seen before the break")
        raise error

    return inspect


@pytest.mark.parametrize(
    ("error", "threat"),
    [
        (Malformed("cut", 3), BROKEN),
        (Exhausted("too much"), UNBOUNDED),
        (Undecodable("zstd"), OPAQUE),
        (RecursionError(), UNBOUNDED),
        (MemoryError(), UNBOUNDED),
    ],
)
def test_what_was_seen_before_a_break_stands(formats, error, threat):
    """A reading that ends early keeps its findings, and its end is a finding of its own."""
    formats("A", raising(error))

    walk = weighed(b"A")

    assert codes(walk) == ["T-1", threat.code]
    assert not walk.errors


def test_break_is_told_where_it_is(formats):
    """The place of a break within a part is told in the whole."""

    def inspect(blob):
        yield blob.part(1)

    formats("A", inspect)
    formats("B", raising(Malformed("cut", 2)))

    [_, broken] = weighed(b"AB...").findings

    assert broken.location.offset == 3


def test_one_reading_that_breaks_does_not_silence_another(formats):
    """A polyglot is read as all that it can be read as."""
    formats("P", raising(Malformed("cut")))
    formats("PK", lambda blob: iter([BAD.found(blob.at(), "second reading")]))

    assert codes(weighed(b"PK")) == ["T-1", "FILE-101", "T-1"]


def test_bug_of_ours_is_an_error_that_names_the_format(formats):
    """What no format may raise costs this verdict, not the next file's, and allows nothing."""
    formats("A", raising(ZeroDivisionError("oops")))

    walk = weighed(b"A")

    assert codes(walk) == ["T-1"]
    assert walk.errors == ["reading m.bin as A failed: ZeroDivisionError: oops"]
    assert walk.records(walk.findings)[0].result is FileResult.ERROR


def test_disk_that_fails_is_an_error_and_other_files_are_still_weighed(formats):
    """A broken machine says nothing about the model, and the rest of it is weighed."""
    formats("A", raising(GateError("no disk")))
    formats("B", lambda blob: iter([BAD.found(blob.at(), "x")]))
    walk = Walk()
    limits = Limits()

    walk.weigh(Blob("a", b"A", limits))
    walk.weigh(Blob("b", b"B", limits))

    assert codes(walk) == ["T-1", "T-1"]
    assert walk.errors == ["no disk"]


def test_members_are_walked_depth_first_and_in_place(formats):
    """What is inside is looked at where it is met, under a name that leads to it."""

    def inspect(blob):
        yield blob.inside("one", b"B")
        yield BAD.found(blob.at(), "after")

    formats("A", inspect)
    formats("B", lambda blob: iter([BAD.found(blob.at(), "within")]))

    assert [f.location.path for f in weighed(b"A").findings] == ["m.bin!one", "m.bin"]


def test_place_is_looked_at_once_by_the_first_who_names_it(formats):
    """A special case says who reads a member before the general case offers it again."""

    def special(blob):
        yield blob.inside("data/0", b"B", loader=RAW, origin=7)

    formats("A", special)
    formats("AA", lambda blob: iter([blob.inside("data/0", b"B", origin=7)]))
    formats("B", lambda blob: iter([BAD.found(blob.at(), "sniffed")]))

    assert codes(weighed(b"AA")) == []


def test_two_things_of_one_name_are_two(formats):
    """What is called alike may differ: a second member of a name is not taken for the first."""
    formats("A", lambda blob: iter([blob.inside("x", b"-"), blob.inside("x", b"B")]))
    formats("B", lambda blob: iter([BAD.found(blob.at(), "seen")]))

    assert "T-1" in codes(weighed(b"A"))


def test_endless_nesting_ends(formats):
    """A file that holds itself is bounded by depth, and what lies beyond is told as not weighed."""
    formats("A", lambda blob: iter([blob.inside("a", b"A")]))

    assert codes(weighed(b"A")) == ["FILE-102"]


def test_endless_siblings_end(formats):
    """A container that never stops naming members is bounded by their number."""

    def inspect(blob):
        while True:
            yield blob.inside("x", b"?")

    formats("A", inspect)

    assert UNBOUNDED.code in codes(weighed(b"A", members=50))


def test_endless_findings_end(formats):
    """Findings are bounded too, and the bound is a finding."""

    def inspect(blob):
        while True:
            yield BAD.found(blob.at(), "again")

    formats("A", inspect)

    found = codes(weighed(b"A", findings=20))
    assert found == ["T-1"] * 20 + ["FILE-102"]


def test_unknown_bytes_are_told_and_empty_files_are_not(formats):
    """What nobody recognises is listed as not weighed; nothing at all has nothing to weigh."""
    assert codes(weighed(b"?")) == [STRANGE.code]
    assert codes(weighed(b"")) == []
    assert weighed(b"?").records([])[0].result is FileResult.SKIPPED
