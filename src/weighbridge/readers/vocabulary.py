"""What spells a message of Protocol Buffers and holds no graph: a text to its last byte, a vocabulary of pieces."""

from __future__ import annotations

from weighbridge.artifact.blob import Blob
from weighbridge.readers.text import LETTERS

WINDOW = 1 << 20
PIECE, TEXT, SCORE, KIND = 0x0A, 0x0A, 0x15, 0x18  # tags: a piece; its text, its score, its kind
SHORT = 0x80  # lengths from here on take two bytes
KINDS = range(1, 7)
LAST: list[object] = [None, False]  # what was asked last, and the answer: every format of the family asks the same


def may_hold_graph(blob: Blob) -> bool:
    """Whether what has been looked at for long, and in vain, may hold a graph of operators further on.

    A text holds none: versions (tag 8) and operators (tag 18), which no graph is without, are controls. Nor does a
    vocabulary whose pieces fill it to the last byte.
    """
    place = (blob.key, blob.start, len(blob))
    if LAST[0] != place:
        LAST[:] = place, not (is_whole_text(blob) or is_pieces(blob))
    return bool(LAST[1])


def is_whole_text(blob: Blob) -> bool:
    return not any(blob.peek(at, WINDOW).translate(None, LETTERS) for at in range(0, len(blob), WINDOW))


def is_pieces(blob: Blob) -> bool:
    """Pieces of SentencePiece, thriftily spelled, and whatever it keeps behind them as fields 2 to 5."""
    at, size = 0, len(blob)
    while at < size:
        window = blob.peek(at, WINDOW)
        used = pieces(window)
        if not used:
            break
        at += used
    return at > size // 2 and only_settings(blob, at)


def only_settings(blob: Blob, at: int) -> bool:
    """How the pieces were found: messages of texts and numbers, few and short."""
    from weighbridge.errors import Malformed
    from weighbridge.readers.protobuf import BYTES, Messages

    try:
        return all(field.wire == BYTES and field.number in (2, 3, 4, 5) for field in Messages(blob).fields(at))
    except Malformed:
        return False


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
