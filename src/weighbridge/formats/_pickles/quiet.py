"""Calls of which there is nothing to say: a name that may be called with anything, given what cannot act.

Nearly all calls of honest checkpoints are such, so they are told from the others before anybody hears of them. It must
say no more than the judge, and than who looks for things within bytes, would say at length.
"""

from __future__ import annotations

from collections.abc import Collection

from weighbridge.formats._pickles.names import INSTANCES
from weighbridge.picklevm.values import Global, Made, PersistentId

VAST = 1 << 32  # bytes or steps that no model asks for
STILL = frozenset({type(None), bool, float, tuple, Global, PersistentId})  # types that no inert callee runs or reads
BYTES = frozenset({"encode", "bytes", "bytearray", "BytesIO"})  # make bytes of a text
TELLING = BYTES | {"count", "cycle", "repeat", "range", "xrange"}  # results that are looked at where they are given


def is_quiet(fine: Collection[tuple[str, str]], made: Made) -> bool:
    """Is it a call of one of the `fine` names, with arguments of which not one is worth a look?"""
    what, args = made.callable, made.args
    if what.__class__ is not Global or args.__class__ is not tuple or (what.module, what.name) not in fine:
        return False
    for one in args:
        kind = one.__class__
        if kind in STILL or (kind is int and one <= VAST) or (kind is Made and is_value(one)):
            continue
        if kind is not str or what.name in BYTES or "." in what.name:
            return False
    return True


def is_value(made: Made) -> bool:
    """Is it what a function returned that makes neither bytes nor an endless iterator, and was given no state?"""
    what = made.callable
    if not isinstance(what, Global) or made.states or made.how in INSTANCES:
        return False
    return what.name not in TELLING and "." not in what.name
