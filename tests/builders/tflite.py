"""LiteRT models as bytes: operator codes, tensors, buffers, and the options of Flex operators."""

from tests.builders.flatbuffers import Fields, Number, Numbers, flatbuffer

CUSTOM = 32


def code(name: str = "", builtin: int = 0) -> Fields:
    if name:
        return {0: Number(CUSTOM, 1), 1: name, 3: Number(CUSTOM)}
    return {0: Number(builtin, 1), 3: Number(builtin)}


def tensor(*shape: int, buffer: int = 0, name: str = "t") -> Fields:
    return {0: Numbers(shape), 2: Number(buffer), 3: name}


def operator(index: int = 0, inputs: tuple[int, ...] = (0,), options: bytes = b"", **more: Number) -> Fields:
    fields: dict[int, object] = {0: Number(index), 1: Numbers(inputs), 2: Numbers((0,))}
    if options:
        fields[5] = options
    return {**fields, **{int(number.removeprefix("f")): value for number, value in more.items()}}


def tflite(
    codes: list[Fields],
    operators: list[Fields] | None = None,
    tensors: list[Fields] | None = None,
    buffers: list[Fields] | None = None,
    inputs: tuple[int, ...] = (0,),
) -> bytes:
    """A model of one subgraph; without more, one operator of the first code on one tensor."""
    subgraph = {0: tensors or [tensor(1, 4)], 1: Numbers(inputs), 2: Numbers((0,)), 3: operators or [operator()]}
    root: Fields = {0: Number(3), 1: codes, 2: [subgraph], 3: "test", 4: buffers or [{}]}
    return flatbuffer(root, b"TFL3")


def flex(name: str, node: bytes) -> bytes:
    """The options of a Flex operator: a flexible vector of a name and a NodeDef."""
    out = bytearray()
    places = []
    for data in (name.encode(), node):
        out += len(data).to_bytes(4, "little")
        places.append(len(out))
        out += data + b"\0"
    out += (2).to_bytes(4, "little")
    vector = len(out)
    for place in places:
        out += (len(out) - place).to_bytes(4, "little")
    out += bytes([5 << 2 | 2] * 2)
    return bytes(out + (len(out) - vector).to_bytes(4, "little") + bytes([10 << 2 | 2, 4]))


def strings(*texts: str) -> bytes:
    """A tensor of strings as a buffer holds it."""
    edges, data = [8 + 4 * len(texts)], b""
    for text in texts:
        data += text.encode()
        edges.append(8 + 4 * len(texts) + len(data))
    return b"".join(n.to_bytes(4, "little") for n in (len(texts), *edges)) + data
