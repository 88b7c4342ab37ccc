"""Vocabularies of SentencePiece: a million pieces, thriftily spelled, are passed at one go."""

from __future__ import annotations

from weighbridge.artifact.blob import Blob
from weighbridge.typed import Any

WINDOW = 1 << 20
PIECE, TEXT, SCORE, KIND = 0x0A, 0x0A, 0x15, 0x18  # tags: a piece; its text, its score, its kind
SHORT = 0x80  # lengths from here on take two bytes
KINDS = range(1, 7)
LAST: list[Any] = [None, 0]  # what was asked last, and the answer: every format of the family asks the same


def after_pieces(blob: Blob) -> int:
    """Where the pieces end with which a vocabulary begins; 0 where it begins with none."""
    place = (blob.key, blob.start, len(blob))
    if LAST[0] != place:
        LAST[:] = place, counted(blob)
    at: int = LAST[1]
    return at


def counted(blob: Blob) -> int:
    at, size = 0, len(blob)
    while at < size and (used := pieces(blob.peek(at, WINDOW if at else SHORT * 8))):
        at += used
    return at


def pieces(window: bytes) -> int:
    """How many bytes of a window whole pieces fill: a text, a score and, where it is unusual, a kind."""
    here, most = 0, len(window) - 2 * SHORT
    whole = most if most > 0 else len(window) - 2
    while here < whole and window[here] == PIECE:
        length, text = window[here + 1], window[here + 3 : here + 4]
        end = here + 2 + length
        if length >= SHORT or window[here + 2] != TEXT or not text or end > len(window):
            break
        score = here + 4 + text[0]
        more = end - score - 5
        if window[score : score + 1] != b"\x15" or more not in (0, 2):
            break
        if more and (window[end - 2] != KIND or window[end - 1] not in KINDS):
            break
        here = end
    return here
