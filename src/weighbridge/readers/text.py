"""Text: bytes that a person could read, in UTF-8, in UTF-16 or in a page of high letters."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from weighbridge.artifact.blob import Blob

LETTERS = bytes({9, 10, 11, 12, 13, 27, *range(32, 127), *range(128, 256)})  # 27: logs are coloured
HIGH = bytes(range(128, 256))
WINDOW = 1 << 20
LAST: list[object] = [None, False]  # what was asked last, and the answer: a family of formats asks the same
SHORT = 64  # below this, bytes without controls may be so by chance


def is_text(data: bytes) -> bool:
    """Whether nothing in `data` is a control that texts do not hold; it may begin or end within a letter."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return is_wide(data)
    if b"\0" in data or data.translate(None, LETTERS):  # the first is quick, and true of most that is no text
        return False
    if data.isascii():
        return True
    try:
        data[:-3].decode() if len(data) > SHORT else data.decode()
    except UnicodeDecodeError:
        return len(data) >= SHORT or 3 * len(data.translate(None, HIGH)) > 2 * len(data)
    return True


def is_whole_text(blob: Blob) -> bool:
    """Whether there is no control from the first byte to the last.

    No graph of operators is such a text: their versions (tag 8) and operators (tag 18) are controls.
    """
    place = (blob.key, blob.start, len(blob))
    if LAST[0] != place:
        LAST[:] = place, not any(blob.peek(at, WINDOW).translate(None, LETTERS) for at in range(0, len(blob), WINDOW))
    return bool(LAST[1])


def is_wide(data: bytes) -> bool:
    """Whether `data` is UTF-16 with its mark, without controls."""
    text = data[: len(data) & ~1].decode("utf-16", "replace")
    return not any(letter < " " and letter not in "\t\n\v\f\r\x1b" for letter in text)


def decoded(data: bytes) -> str:
    """The words of a text, whatever it was written in: for searching, so what is in no encoding is kept, marked."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")
