"""Named tuples that compile nothing behave as those of `typing`."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import typing

import pytest

from weighbridge import typed
from weighbridge.policy.verdict import ModelName


class Ours(typed.NamedTuple):
    """A place."""

    path: str
    offset: int | None = None
    kind: str = "file"

    def __str__(self) -> str:
        return f"{self.path}@{self.offset}"

    @property
    def whole(self) -> bool:
        return self.offset is None

    @classmethod
    def nowhere(cls) -> Ours:
        return cls("")


class Theirs(typing.NamedTuple):
    """A place."""

    path: str
    offset: int | None = None
    kind: str = "file"


CASES = {
    "by place": lambda kind: kind("a", 1, "b"),
    "by name": lambda kind: kind(kind="b", path="a"),
    "by both": lambda kind: kind("a", kind="b"),
    "by its defaults": lambda kind: kind("a"),
    "from a row": lambda kind: kind._make(["a", 2, "b"]),
    "changed": lambda kind: kind("a")._replace(offset=3),
    "copied": lambda kind: copy.copy(kind("a", 4)),
    "copied deeply": lambda kind: copy.deepcopy(kind("a", 4)),
    "pickled": lambda kind: pickle.loads(pickle.dumps(kind("a", 5))),
}


@pytest.mark.parametrize("case", CASES)
def test_made_as_typing_makes_it(case):
    """Equal to the other and to the plain tuple, shown and hashed alike, however it came to be."""
    ours, theirs = CASES[case](Ours), CASES[case](Theirs)
    assert ours == theirs == tuple(ours)
    assert type(ours) is Ours and hash(ours) == hash(theirs)
    assert repr(ours).replace("Ours", "Theirs") == repr(theirs)
    assert ours._asdict() == theirs._asdict()


def test_class_says_what_typing_says():
    """Fields and documentation, for those who look."""
    for name in ("_fields", "_field_defaults", "__match_args__", "__doc__", "__slots__", "__module__"):
        assert getattr(Ours, name) == getattr(Theirs, name), name
    assert issubclass(Ours, tuple) and type(Ours) is type


def test_methods_stay():
    """What the body of the class defines is there."""
    assert (str(Ours("a", 1)), Ours("a").whole, Ours.nowhere()) == ("a@1", True, Ours(""))


WRONG = {
    "missing": lambda kind: kind(),
    "too many": lambda kind: kind(1, 2, 3, 4),
    "unknown": lambda kind: kind("a", other=1),
    "twice": lambda kind: kind("a", path="b"),
    "set": lambda kind: setattr(kind("a"), "path", "b"),
    "set anew": lambda kind: setattr(kind("a"), "other", "b"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_typing_refuses_is_refused(case):
    """Fields that are not there, and changes to what is frozen."""
    for kind in (Ours, Theirs):
        with pytest.raises((TypeError, AttributeError)) as refused:
            WRONG[case](kind)
        assert "lambda" not in str(refused.value)


def test_a_field_that_is_not_there_is_not_replaced():
    """A slip in a name is an error, never a change that is lost."""
    with pytest.raises(TypeError):
        ModelName("a")._replace(colour="red")


def test_matched_by_place():
    """`case Ours(path, offset)` takes it apart."""
    match Ours("a", 7):
        case Ours(path, offset):
            assert (path, offset) == ("a", 7)


def test_typing_is_not_imported():
    """Nor anything else that a start does without."""
    code = "import sys, weighbridge.typed; print(*sys.modules)"
    seen = subprocess.run([sys.executable, "-S", "-I", "-c", f"import sys; sys.path[:] = {sys.path!r}; {code}"],
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert not {"typing", "re", "contextlib"} & set(seen.stdout.split())
