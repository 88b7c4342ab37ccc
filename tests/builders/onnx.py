"""ONNX models as bytes: nodes, tensors with external data, branches and functions."""

from tests.builders.protobuf import field, message

FLOAT = 1
EXTERNAL = 1


def entry(key: str, value: str) -> bytes:
    return message((1, key), (2, value))


def tensor(name: str = "w", raw: bytes = b"", external: dict[str, str] | None = None) -> bytes:
    parts: list[tuple[int, int | bytes | str]] = [(1, 2), (2, FLOAT), (8, name)]
    if raw:
        parts.append((9, raw))
    parts += [(13, entry(key, value)) for key, value in (external or {}).items()]
    return message(*parts, *([(14, EXTERNAL)] if external else []))


def attribute(name: str, value: int | str | bytes | None = None, *, graph: bytes = b"", tensor: bytes = b"") -> bytes:
    parts: list[tuple[int, int | bytes | str]] = [(1, name)]
    if isinstance(value, int):
        parts.append((3, value))
    elif value is not None:
        parts.append((4, value))
    if graph:
        parts.append((6, graph))
    if tensor:
        parts.append((5, tensor))
    return message(*parts)


def node(operator: str, domain: str = "", *attributes: bytes, inputs: str = "x", outputs: str = "y") -> bytes:
    parts: list[tuple[int, int | bytes | str]] = [(1, name) for name in inputs.split()]
    parts += [(2, name) for name in outputs.split()]
    parts += [(3, "n"), (4, operator)]
    parts += [(5, data) for data in attributes]
    return message(*parts, *([(7, domain)] if domain else []))


def graph(*nodes: bytes, tensors: tuple[bytes, ...] = ()) -> bytes:
    return message(*((1, data) for data in nodes), (2, "g"), *((5, data) for data in tensors))


def function(domain: str, name: str, *nodes: bytes) -> bytes:
    return message((1, name), *((7, data) for data in nodes), (10, domain))


def onnx(*nodes: bytes, tensors: tuple[bytes, ...] = (), functions: tuple[bytes, ...] = (), more: bytes = b"") -> bytes:
    """A model as exporters write it: version, producer, graph, opset."""
    head = message((1, 8), (2, "weighbridge"))
    body = field(7, graph(*nodes, tensors=tensors)) + field(8, message((1, ""), (2, 17)))
    return head + body + b"".join(field(25, data) for data in functions) + more
