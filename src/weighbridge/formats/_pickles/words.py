"""How bad a deed is, by which name, and why."""

from __future__ import annotations

from enum import IntEnum

from weighbridge.typed import NamedTuple


class Grade(IntEnum):
    """In order of how bad it is. `DOUBT`: a call of the unknown, for which evidence may yet speak."""

    FINE = 0
    STRANGE = 1
    CODE = 2
    DOUBT = 3
    SUSPICIOUS = 4
    CRAFTED = 5
    EXECUTES = 6


class Word(NamedTuple):
    """What is said of one deed."""

    grade: Grade
    name: str = ""
    why: str = ""


FINE = Word(Grade.FINE)
