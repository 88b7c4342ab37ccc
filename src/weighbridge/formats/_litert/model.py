"""A LiteRT model: its operators, the TensorFlow nodes that Flex operators run, its tensors' and buffers' sizes.

Schema: tensorflow/compiler/mlir/lite/schema/schema.fbs
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats._litert.operators import FLEX, is_known
from weighbridge.formats._litert.threats import OVERFLOW, RUNS, SUSPICIOUS, UNKNOWN
from weighbridge.formats._tensorflow.graph import Node, node_of
from weighbridge.formats._tensorflow.inspection import Graph
from weighbridge.formats._tensorflow.judge import HARMLESS
from weighbridge.formats._tensorflow.names import KNOWN as KNOWN_TO_TENSORFLOW
from weighbridge.formats._tensorflow.operators import DEEDS, Deed, When
from weighbridge.formats._tensorflow.paths import Paths
from weighbridge.policy.finding import Finding, Threat
from weighbridge.readers.flatbuffers import Table, root
from weighbridge.readers.flexbuffers import texts
from weighbridge.readers.names import leads_out
from weighbridge.readers.protobuf import BYTES, Field, Messages

CODES, SUBGRAPHS, BUFFERS = 1, 2, 4  # fields of Model
TENSORS, INPUTS, OPERATORS = 0, 1, 3  # fields of SubGraph
MOST_ELEMENTS = (1 << 31) - 1
NOTHING = 0xFFFFFFFF
SPARSITY = 6  # field of a Tensor: fewer elements are kept than its shape says
BITS = {  # of an element, by its type
    **dict.fromkeys((3, 6, 9), 8),
    **dict.fromkeys((1, 7, 16, 18), 16),
    **dict.fromkeys((0, 2, 15), 32),
    **dict.fromkeys((4, 8, 10, 12), 64),
    11: 128,
    17: 4,
}


class Model:
    """Reads a model's tables; buffers are measured, not read."""

    def __init__(self, blob: Blob) -> None:
        self.blob = blob
        self.root = root(blob)
        self.codes = self.root.tables(CODES)
        self.buffers = self.root.tables(BUFFERS)
        self.told: set[str] = set()
        self.end = 0

    def inspect(self) -> Iterator[Finding | Blob]:
        for code in self.codes:
            yield from self.custom(code)
        yield from self.measured()
        for graph in {graph.at: graph for graph in self.root.tables(SUBGRAPHS)}.values():
            tensors = graph.tables(TENSORS)
            for tensor in tensors:
                yield from self.tensor(tensor)
            for operator in graph.tables(OPERATORS):
                yield from self.operator(graph, tensors, operator)

    def name(self, code: Table) -> str:
        return code.text(1)

    def custom(self, code: Table) -> Iterator[Finding]:
        """An operator's code: a name of its own, if it is none of LiteRT's."""
        name = self.name(code)
        if name and not name.startswith(FLEX) and not is_known(name) and name not in self.told:
            self.told.add(name)
            message = f"custom operator {name[:200]!a} is of no known framework"
            yield UNKNOWN.found(self.blob.at(code.at), message, callable=f"litert.{name[:200]}")

    def measured(self) -> Iterator[Finding]:
        """Buffers that lie behind the tables (models beyond 2 GiB) must lie within the file."""
        for buffer in self.buffers:
            offset, size = buffer.integer(1, 8), buffer.integer(2, 8)
            if offset > 1 and offset + size > len(self.blob):
                message = f"a buffer of {size} bytes at {offset}; the file holds {len(self.blob)}"
                yield OVERFLOW.found(self.blob.at(buffer.at), message)
            buffer.vector(0, 1)

    def tensor(self, tensor: Table) -> Iterator[Finding]:
        start, count = tensor.vector(0, 4)
        data = self.blob.read(start, 4 * count)
        shape = [int.from_bytes(data[i : i + 4], "little", signed=True) for i in range(0, len(data), 4)]
        elements = 1
        for dimension in shape:
            elements *= dimension
        if any(dimension < -1 for dimension in shape) or elements > MOST_ELEMENTS:
            yield OVERFLOW.found(self.blob.at(tensor.at), f"tensor {tensor.text(3)[:100]!a} has the shape {shape[:8]}")
            return
        index = tensor.integer(2, 4)
        if index >= max(len(self.buffers), 1):
            message = f"tensor {tensor.text(3)[:100]!a} lies in buffer {index} of {len(self.buffers)}"
            yield OVERFLOW.found(self.blob.at(tensor.at), message)
        elif index and self.is_short(tensor, index, elements):
            message = f"tensor {tensor.text(3)[:100]!a} of the shape {shape[:8]} does not fit its buffer"
            yield OVERFLOW.found(self.blob.at(tensor.at), message)

    def is_short(self, tensor: Table, index: int, elements: int) -> bool:
        """Whether a buffer holds less than a dense tensor's elements take."""
        _, held = self.buffers[index].vector(0, 1)
        bits = BITS.get(tensor.integer(1, 1))
        return bool(held and bits) and tensor.place(SPARSITY) is None and held * 8 < elements * (bits or 0)

    def operator(self, graph: Table, tensors: list[Table], operator: Table) -> Iterator[Finding | Blob]:
        index = operator.integer(0, 4)
        if index >= len(self.codes):
            raise Malformed(f"operator code {index} of {len(self.codes)}", operator.at)
        offset, size = operator.integer(9, 8), operator.integer(10, 8)
        if offset > 1 and offset + size > len(self.blob):
            yield OVERFLOW.found(self.blob.at(operator.at), f"options of {size} bytes at {offset} lie outside the file")
            return
        for given in (1, 2):
            for one in self.indexes(operator, given):
                if one != NOTHING and one >= len(tensors):
                    message = f"an operator takes or makes tensor {one} of {len(tensors)}"
                    yield OVERFLOW.found(self.blob.at(operator.at), message)
        name = self.name(self.codes[index])
        if name.startswith(FLEX):
            start, length = (offset, size) if offset > 1 else operator.vector(5, 1)
            yield from self.flex(graph, tensors, operator, name, start, length)

    def flex(
        self, graph: Table, tensors: list[Table], operator: Table, name: str, start: int, length: int
    ) -> Iterator[Finding | Blob]:
        """The node that a Flex operator runs: its options hold a name and a NodeDef, and the NodeDef counts."""
        nodes = list(self.nodes(start, length))
        if not nodes:
            kind = name.removeprefix(FLEX)
            if kind in DEEDS or length:
                message = f"operator {name[:200]!a}, whose TensorFlow node cannot be read"
                yield SUSPICIOUS.found(self.blob.at(operator.at), message, callable=f"tensorflow.{kind[:200]}")
        for node in nodes:
            yield from self.judge(graph, tensors, operator, node)
        kind = name.removeprefix(FLEX)
        if kind in DEEDS and nodes and kind not in [node.operator for node in nodes]:
            message = f"operator {name[:200]!a} runs the node of another, {nodes[0].operator[:200]!a}"
            yield SUSPICIOUS.found(self.blob.at(operator.at), message, callable=f"tensorflow.{kind[:200]}")

    def judge(self, graph: Table, tensors: list[Table], operator: Table, node: Node) -> Iterator[Finding | Blob]:
        if node.operator in DEEDS:
            yield from self.deed(graph, tensors, operator, node, DEEDS[node.operator])
        elif node.operator not in KNOWN_TO_TENSORFLOW:
            message = f"Flex operator {node.operator[:200]!a} is none of TensorFlow's"
            yield UNKNOWN.found(self.blob.at(node.at), message, callable=f"tensorflow.{node.operator[:200]}")
        hidden = Graph(self.blob, [])
        for value in chain.from_iterable(node.attributes.values()):
            yield from hidden.texts(Field(5, BYTES, value.at, value.at, value.end - value.at, 0))

    def nodes(self, start: int, length: int) -> Iterator[Node]:
        """Every NodeDef within a Flex operator's options, whichever of them the delegate would take."""
        messages = Messages(self.blob)
        try:
            places = texts(self.blob.part(start, length)) if length else []
        except Malformed:
            return
        for at, size in places:
            with suppress(Malformed):
                node = node_of(messages, Field(1, BYTES, start + at, start + at, size, 0))
                if node.operator:
                    yield node

    def deed(self, graph: Table, tensors: list[Table], operator: Table, node: Node, deed: Deed) -> Iterator[Finding]:
        paths = Paths(self.blob, [], {}, set())
        places = [text for index in deed.inputs for text in self.constants(graph, tensors, operator, index)]
        for name in deed.attributes:
            places += [text for text in paths.attribute(node, name) if text not in HARMLESS.get(name, ())]
        if deed.when is When.NAMED and not places:
            return
        if deed.when is When.PATH and not any(text is None or leads_out(text) for text in places):
            return
        shown = ", ".join(ascii(text[:120]) for text in places if text)[:300]
        message = f"Flex operator `{node.operator}` {deed.does}" + (f": {shown}" if shown else "")
        threat: Threat = RUNS if deed.grave else SUSPICIOUS
        yield threat.found(
            self.blob.at(node.at),
            message,
            callable=f"tensorflow.{node.operator}",
            evidence=f"{node.operator}({shown})" if shown else "",
        )

    def constants(self, graph: Table, tensors: list[Table], operator: Table, index: int) -> list[str | None]:
        """The texts of an input that is a constant; none for an input of the graph; None for what is computed."""
        indexes = self.indexes(operator, 1)
        if index >= len(indexes) or indexes[index] >= len(tensors):
            return []
        buffer = tensors[indexes[index]].integer(2, 4)
        if buffer < len(self.buffers):
            start, length = self.buffers[buffer].vector(0, 1)
            if length:
                return list(self.strings(start, length))
        return [] if indexes[index] in self.indexes(graph, INPUTS) else [None]

    def indexes(self, table: Table, number: int) -> list[int]:
        start, count = table.vector(number, 4)
        data = self.blob.read(start, 4 * min(count, 1 << 16)) if count else b""
        return [int.from_bytes(data[i : i + 4], "little") for i in range(0, len(data), 4)]

    def strings(self, start: int, length: int) -> Iterator[str]:
        """A tensor of strings: how many, where each begins, where the last ends, their bytes."""
        data = self.blob.read(start, min(length, 1 << 16))
        count = int.from_bytes(data[:4], "little")
        edges = [int.from_bytes(data[i : i + 4], "little") for i in range(4, 8 + 4 * min(count, 64), 4)]
        for index in range(len(edges) - 1):
            yield data[edges[index] : edges[index + 1]][:1024].decode("utf-8", "replace")
