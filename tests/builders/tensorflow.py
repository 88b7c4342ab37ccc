"""TensorFlow graphs as bytes: nodes, functions, texts in tensors, SavedModels."""

from tests.builders.protobuf import field, message

STRING = 7


def text_value(*texts: str | bytes) -> bytes:
    """An AttrValue: a tensor of strings."""
    return field(8, message((1, STRING), *((8, text) for text in texts)))


def packed_text(text: bytes) -> bytes:
    """An AttrValue: a tensor of one string, spelled as its content."""
    return field(8, message((1, STRING), (4, bytes([len(text)]) + text)))


def string(text: str | bytes) -> bytes:
    return field(2, text)


def strings(*texts: str) -> bytes:
    return field(1, message(*((2, text) for text in texts)))


def func(name: str, **attributes: bytes) -> bytes:
    return field(10, message((1, name), *((2, message((1, key), (2, value))) for key, value in attributes.items())))


def node(operator: str, name: str = "n", inputs: str = "", **attributes: bytes) -> bytes:
    parts: list[tuple[int, int | bytes | str]] = [(1, name), (2, operator)]
    parts += [(3, given) for given in inputs.split()]
    return message(*parts, *((5, message((1, key), (2, value))) for key, value in attributes.items()))


def const(name: str, *texts: str | bytes) -> bytes:
    return node("Const", name, value=text_value(*texts))


def function(name: str, *nodes: bytes, arguments: str = "") -> bytes:
    signature = message((1, name), *((2, message((1, argument))) for argument in arguments.split()))
    return message((1, signature), *((3, data) for data in nodes))


def library(*functions: bytes) -> bytes:
    return message(*((1, data) for data in functions))


def graph(*nodes: bytes, functions: tuple[bytes, ...] = ()) -> bytes:
    data = message(*((1, data) for data in nodes))
    return data + (field(2, library(*functions)) if functions else b"")


def asset(tensor: str, filename: str) -> bytes:
    return message((1, message((1, tensor))), (2, filename))


def meta_graph(
    graph_def: bytes,
    assets: tuple[bytes, ...] = (),
    initial: str = "",
    restore: str = "",
    main_op: str = "",
    objects: bytes = b"",
) -> bytes:
    """`initial`: the node behind `__saved_model_init_op`; `main_op` the same as a collection; `restore` the saver's."""
    data = field(1, message((5, "2.21.0"))) + field(2, graph_def)
    if restore:
        data += field(3, message((3, restore)))
    if main_op:
        data += field(4, message((1, "saved_model_main_op"), (2, field(1, message((1, main_op))))))
    if initial:
        output = message((1, "__saved_model_init_op"), (2, message((1, initial))))
        data += field(5, message((1, "__saved_model_init_op"), (2, message((2, output)))))
    data += b"".join(field(6, given) for given in assets)
    return data + (field(7, objects) if objects else b"")


def saved_model(*nodes: bytes, functions: tuple[bytes, ...] = (), **more: object) -> bytes:
    """A SavedModel of one meta graph; `more` as for `meta_graph`."""
    return message((1, 1), (2, meta_graph(graph(*nodes, functions=functions), **more)))  # type: ignore[arg-type]
