"""Protocol Buffers by hand: any field, spelled in any way that a parser accepts."""


def varint(value: int, width: int = 0) -> bytes:
    """A number; `width` asks for more bytes than it needs."""
    out = bytearray()
    value &= (1 << 64) - 1
    while True:
        out.append((value & 0x7F) | 0x80)
        value >>= 7
        if not value and len(out) >= width:
            break
    out[-1] &= 0x7F
    return bytes(out)


def tag(number: int, wire: int, width: int = 0) -> bytes:
    return varint(number << 3 | wire, width)


def field(number: int, value: int | bytes | str) -> bytes:
    """A number as a varint; bytes or a text with their length."""
    if isinstance(value, int):
        return tag(number, 0) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return tag(number, 2) + varint(len(data)) + data


def group(number: int, inner: bytes) -> bytes:
    return tag(number, 3) + inner + tag(number, 4)


def message(*parts: tuple[int, int | bytes | str]) -> bytes:
    return b"".join(field(number, value) for number, value in parts)
