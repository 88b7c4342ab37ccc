"""The census of names: where it ends."""

from tests.builders.pickles import pickle_of
from weighbridge.artifact import Blob, Limits
from weighbridge.picklevm.census import census

ASKS = pickle_of("MARK", "BININT1 7", "BINPERSID", "GLOBAL lab Thing", "TUPLE", "STOP")


def test_objects_of_the_loader_are_passed():
    """Whoever wants the names of a checkpoint gets them all."""
    found = census(Blob("m.pkl", ASKS, Limits()))

    assert (found.need, found.persists, found.end) == ("", True, len(ASKS))
    assert ("lab", "Thing") in found.names


def test_census_that_an_object_of_the_loader_settles_goes_no_further():
    """Only the machine can tell what becomes of it: the rest need not be counted."""
    found = census(Blob("m.pkl", ASKS, Limits()), persistent=False)

    assert found.need
    assert found.names == frozenset()
