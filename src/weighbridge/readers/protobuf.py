"""Protocol Buffers without a schema: fields with their place; long values are jumped, not read.

Encoding: https://protobuf.dev/programming-guides/encoding/. Every spelling that some parser accepts is accepted:
varints longer than need be, fields in any order and any number of times, unknown fields, groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.readers.text import is_whole_text
from weighbridge.typed import NamedTuple

VARINT, FIXED64, BYTES, GROUP, END_GROUP, FIXED32 = 0, 1, 2, 3, 4, 5
WIDTHS = {FIXED64: 8, FIXED32: 4}
WINDOW = 1 << 16
LONGEST_VARINT = 10
LONGEST_HEAD = 2 * LONGEST_VARINT  # bytes of a tag and a length, or of a tag and a number
DEEPEST = 100  # messages within messages: the bound of the C++ parser
BATCH = 4096  # fields that are paid for at once
SMALL = 4  # bytes of a field in which no message of interest fits
PRICE = 4  # of a field, in opcodes of a pickle


class Field(NamedTuple):
    """One field: `at` is where its tag begins; `offset` and `length` the value's place, without the length's varint.

    `value` is the number that a varint or fixed field holds; 0 for groups, and for bytes that are all there; else how
    many of them the end of the file cut off.
    """

    number: int
    wire: int
    at: int
    offset: int
    length: int
    value: int

    @property
    def end(self) -> int:
        return self.offset + self.length


class Messages:
    """The messages of a blob, read through one window: a message within another costs no second read."""

    __slots__ = ("base", "blob", "count", "window")

    def __init__(self, blob: Blob) -> None:
        self.blob, self.base, self.window, self.count = blob, 0, b"", 0

    def fields(self, start: int = 0, stop: int | None = None) -> Iterator[Field]:
        """Every field between two offsets, in order; `Malformed` where the bytes are no message.

        Bytes that the end of the file cuts off are given as far as they are there, before `Malformed` is raised: what
        stands before a cut must not go unseen. Each field is paid for from the bound on opcodes.
        """
        size = len(self.blob)
        at, end = start, size if stop is None else stop
        while at < end:
            field = self.field(at, end, cut=end >= size)
            if field.wire == END_GROUP:
                raise Malformed("a group ends that never began", at)
            at = field.end
            if field.wire == GROUP:
                at = self.after_group(field, end)
                field = field._replace(length=at - field.offset)
            yield field
            if field.wire == BYTES and field.value:
                raise Malformed(f"field {field.number} is cut off: {field.value} bytes of it are not there", field.at)
            self.pay()

    def long_fields(self, start: int, stop: int) -> Iterator[Field]:
        """The fields of bytes that are longer than `SMALL`; runs of smaller ones are passed over at the speed of C.

        For telling what a message is: nothing is paid for, and what no message can be ends it as in `fields`.
        """
        at, size = start, len(self.blob)
        while at < stop:
            field = self.field(at, stop, cut=stop >= size)
            at = field.end
            if field.wire == GROUP:
                at = self.after_group(field, stop)
            elif field.wire == END_GROUP:
                raise Malformed("a group ends that never began", field.at)
            elif field.wire == BYTES and (field.length > SMALL or field.value):
                yield field
                if field.value:
                    return
            else:
                at = self.after_small(at, stop)

    def after_small(self, at: int, stop: int) -> int:
        """Where a run of small fields ends, as far as the window shows."""
        here = at - self.base
        if not 0 <= here < len(self.window):
            return at
        found = small_fields().match(self.window, here, min(here + stop - at, len(self.window)))
        return at + found.end() - here if found else at

    def pay(self) -> None:
        self.count += 1
        if self.count % BATCH == 0:
            self.blob.limits.spend("opcodes", PRICE * BATCH)

    def field(self, at: int, end: int, *, cut: bool = False) -> Field:
        """The one field at `at`; a group's and a group's end have no length. `cut`: bytes may be missing at the end."""
        here = at - self.base
        window = self.window
        if here < 0 or here + LONGEST_HEAD > len(window):
            window, here = self.around(at), 0
        tag = window[here] if here < len(window) else 0x80
        here += 1
        if tag > 0x7F:
            tag, here = self.varint(window, here - 1, at)
            tag &= 0xFFFFFFFF
        number, wire = tag >> 3, tag & 7
        if not number:
            raise Malformed("a field has the number 0", at)
        value, length = 0, 0
        if wire in (BYTES, VARINT):
            first = here
            value = window[here] if here < len(window) else 0x80
            here += 1
            if value > 0x7F:
                value, here = self.varint(window, here - 1, at)
            if wire == BYTES:
                offset, length, value = self.base + here, value, 0
            else:
                offset, length = self.base + first, here - first
        elif wire in WIDTHS:
            offset, length = self.base + here, WIDTHS[wire]
            value = int.from_bytes(window[here : here + length], "little")
        elif wire in (GROUP, END_GROUP):
            offset = self.base + here
        else:
            raise Malformed(f"a field has the wire type {wire}", at)
        if offset + length > end:
            if cut and wire == BYTES and offset <= end:
                return Field(number, wire, at, offset, end - offset, offset + length - end)
            raise Malformed(f"field {number} takes {length} bytes; {max(end - offset, 0)} are left", at)
        return Field(number, wire, at, offset, length, value)

    def around(self, at: int) -> bytes:
        self.window, self.base = self.blob.peek(at, WINDOW), at
        return self.window

    @staticmethod
    def varint(window: bytes, here: int, at: int) -> tuple[int, int]:
        """A number of up to 64 bits, and where it ends."""
        value, end = number_in(window, here)
        if not end:
            raise Malformed("a number does not end", at)
        return value, end

    def after_group(self, group: Field, end: int) -> int:
        """Where a group that nobody knows ends; groups within it are followed without recursion."""
        open_groups, at = [group.number], group.offset
        while open_groups:
            at = self.after_small(at, end)
            if at >= end:
                raise Malformed("a group does not end", group.at)
            field = self.field(at, end)
            at = field.end
            self.pay()
            if field.wire == GROUP:
                open_groups.append(field.number)
                if len(open_groups) > DEEPEST:
                    raise Malformed(f"groups more than {DEEPEST} deep: no parser follows them", field.at)
            elif field.wire == END_GROUP and field.number != open_groups.pop():
                raise Malformed("a group ends that is not the one that began last", field.at)
        return at

    def bytes_of(self, field: Field, most: int) -> bytes:
        """The value of a field of bytes, cut after `most`."""
        length = min(field.length, most)
        here = field.offset - self.base
        if 0 <= here and here + length <= len(self.window):
            return self.window[here : here + length]
        return self.blob.read(field.offset, length)

    def text(self, field: Field, most: int = 4096) -> str:
        """The value of a field of bytes as text; what is no UTF-8 is replaced."""
        return self.bytes_of(field, most).decode("utf-8", "replace")

    def packed(self, field: Field, most: int = 64) -> list[int]:
        """The numbers of a repeated field: one, or as many as are packed into its bytes."""
        if field.wire != BYTES:
            return [field.value]
        data = self.bytes_of(field, most * LONGEST_VARINT)
        numbers: list[int] = []
        here = 0
        while here < len(data) and len(numbers) < most:
            value, here = self.varint(data, here, field.at)
            numbers.append(value)
        return numbers


@cache
def small_fields() -> re.Pattern[bytes]:
    """Whole fields that hold a number, or at most `SMALL` bytes; tags of one byte to five."""

    def tag(wire: int) -> bytes:
        first = bytes(byte for byte in range(8, 128) if byte & 7 == wire)
        more = bytes(byte for byte in range(128, 256) if byte & 7 == wire)
        return b"(?:[" + re.escape(first) + b"]|[" + re.escape(more) + rb"][\x80-\xff]{0,3}[\x01-\x7f])"

    texts = b"|".join(b"\\x%02x.{%d}" % (length, length) for length in range(SMALL + 1))
    number = tag(VARINT) + rb"[\x80-\xff]{0,9}[\x00-\x7f]"
    fixed = tag(FIXED32) + b".{4}|" + tag(FIXED64) + b".{8}"
    return re.compile(b"(?:" + number + b"|" + fixed + b"|" + tag(BYTES) + b"(?:" + texts + b"))*+", re.DOTALL)


SHORT_TAGS = frozenset(tag for tag in range(8, 128) if tag & 7 in (VARINT, BYTES))
LAST: list[object] = [None, False]  # what was asked last, and the answer: every format of this family asks the same


def may_begin(head: bytes, blob: Blob) -> bool:
    """Whether `head`, the beginning of `blob`, can begin a message: cheap, and false for almost all that is none.

    A message that is cut short begins as one.
    """
    if LAST[0] is not head:
        LAST[:] = head, begins_message(head, blob)
    return bool(LAST[1])


def begins_message(head: bytes, blob: Blob) -> bool:
    at, size, there = 0, len(blob), len(head)
    while at + LONGEST_HEAD < there or (at < there and there == size):
        tag = head[at]
        if tag in SHORT_TAGS and at + 1 < there and head[at + 1] < 0x80:  # nearly all fields
            end = at + 2 + (head[at + 1] if tag & 7 == BYTES else 0)
        else:
            tag, end = field_in(head, at)
        if not end:
            return 0 < at and size <= at + LONGEST_HEAD
        if tag & 7 == GROUP:
            return closes(head, tag, end, blob)
        if tag & 7 == END_GROUP or end > size:
            return tag & 7 != END_GROUP and at > 0
        at = end
    return True


def closes(head: bytes, opening: int, at: int, blob: Blob) -> bool:
    """Does the group end before the bytes do, or may it, beyond those that are seen? In a text it ends nothing.

    `opening` is its tag. However thriftily the tag of its end is spelled, it begins with the same seven bits.
    """
    size, seen = len(blob), len(head)
    ends = opening + 1 & 0x7F
    if seen == size and ends not in head and ends | 0x80 not in head:
        return False
    groups = [opening >> 3]
    while groups:
        tag, end = field_in(head, at)
        if tag & 7 == GROUP:
            groups.append(tag >> 3)
        if not end or len(groups) > DEEPEST or (tag & 7 == END_GROUP and tag >> 3 != groups.pop()):
            return seen != size and seen <= at + LONGEST_HEAD and at <= size and not is_whole_text(blob)
        at = end
    return True


def field_in(head: bytes, at: int) -> tuple[int, int]:
    """The tag of a field, and where it ends, be it beyond `head`; an end of 0 where there is no field.

    What `Messages.field` says, without an object: it is asked of nearly every blob.
    """
    tag, here = number_in(head, at)
    tag &= 0xFFFFFFFF
    wire = tag & 7
    if not here or tag < 8:
        return 0, 0
    if wire in (BYTES, VARINT):
        value, here = number_in(head, here)
        end = here + value if here and wire == BYTES else here
        return tag, end if end <= 1 << 64 else 0
    return (tag, here + WIDTHS.get(wire, 0)) if wire <= FIXED32 else (tag, 0)


def number_in(head: bytes, at: int) -> tuple[int, int]:
    """A varint, and where it ends; 0 where it does not, as far as `head` shows."""
    if at < len(head) and head[at] < 0x80:  # nearly all
        return head[at], at + 1
    value = shift = 0
    for byte in head[at : at + LONGEST_VARINT]:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at + shift // 7
    return 0, 0
