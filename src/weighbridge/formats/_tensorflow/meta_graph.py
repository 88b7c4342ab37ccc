"""A MetaGraphDef: the graph, what loading runs of it, its assets, and what Keras wrote beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats._tensorflow.graph import Span, pair, span, within
from weighbridge.formats._tensorflow.inspection import Graph, Roots
from weighbridge.formats._tensorflow.threats import OUTSIDE_ASSET
from weighbridge.policy.finding import Finding
from weighbridge.readers.names import leads_out
from weighbridge.readers.protobuf import BYTES, Field, Messages

GRAPH, SAVER, COLLECTIONS, SIGNATURES, ASSETS, OBJECTS = 2, 3, 4, 5, 6, 7
INITIALISERS = frozenset({"saved_model_main_op", "legacy_init_op", "main_op", "saved_model_initializers", "init_op"})
INITIAL_SIGNATURE = "__saved_model_init_op"
RUN_ON_LOADING = frozenset({"_initialize", "_create_resource", "_deserialize", "_restore", "_restore_from_tensors"})


class MetaGraph:
    """Reads a MetaGraphDef, given in one or more spans."""

    def __init__(self, blob: Blob, spans: list[Span]) -> None:
        self.blob, self.messages, self.spans = blob, Messages(blob), spans

    def inspect(self) -> Iterator[Finding | Blob]:
        roots = Roots()
        with suppress(Malformed):  # what breaks is told again below, after what stands before the break
            yield from self.assets()
            roots = Roots(frozenset(self.first_nodes()), frozenset(self.first_functions()), frozenset(self.fed()))
        yield from Graph(self.blob, self.graphs(), roots).inspect()
        yield from self.objects()
        for _ in within(self.messages, self.spans, GRAPH):
            pass

    def graphs(self) -> list[Span]:
        """The graphs, as far as they are there."""
        found: list[Span] = []
        with suppress(Malformed):
            for field in within(self.messages, self.spans, GRAPH):
                found.append(span(field))
        return found

    def all(self, *numbers: int) -> Iterator[Field]:
        return within(self.messages, self.spans, *numbers)

    def texts(self, message: Field, *path: int) -> Iterator[str]:
        """The texts at the end of a path of field numbers."""
        for field in within(self.messages, [span(message)], path[0]):
            if len(path) == 1:
                yield self.messages.text(field)
            else:
                yield from self.texts(field, *path[1:])

    def fed(self) -> Iterator[str]:
        """The tensors that loading feeds with the places of assets."""
        for asset in self.all(ASSETS):
            for name in self.texts(asset, 1, 1):
                yield name.partition(":")[0]

    def assets(self) -> Iterator[Finding]:
        for asset in self.all(ASSETS):
            for name in self.texts(asset, 2):
                if fault := leads_out(name):
                    yield OUTSIDE_ASSET.found(self.blob.at(asset.at), f"an asset named {name[:200]!a}, which {fault}")

    def first_nodes(self) -> Iterator[str]:
        """The nodes that loading runs: initialisers by collection or signature, and the restore operator."""
        for saver in self.all(SAVER):
            yield from self.texts(saver, 3)
        for entry in self.all(COLLECTIONS):
            key, values = pair(self.messages, entry)
            for value in values if key in INITIALISERS else ():
                yield from self.texts(value, 1, 1)
                yield from self.texts(value, 5, 1, 2)
        for entry in self.all(SIGNATURES):
            key, values = pair(self.messages, entry)
            for value in values if key == INITIAL_SIGNATURE else ():
                yield from self.texts(value, 2, 2, 1)

    def first_functions(self) -> Iterator[str]:
        """The functions that loading calls: `_initialize` and the like of restored resources."""
        for graph in self.all(OBJECTS):
            nodes = list(within(self.messages, [span(graph)], 1))
            for node in nodes:
                for index in self.run_on_loading(node):
                    if index < len(nodes):
                        yield from self.texts(nodes[index], 6, 1)
                        yield from self.texts(nodes[index], 8, 1)

    def run_on_loading(self, node: Field) -> Iterator[int]:
        """The children of an object that loading calls, by their place among the objects."""
        for child in within(self.messages, [span(node)], 1):
            index, name = 0, ""
            for field in self.messages.fields(child.offset, child.end):
                if field.number == 1 and field.wire != BYTES:
                    index = field.value
                elif field.number == 2 and field.wire == BYTES:
                    name = self.messages.text(field)
            if name in RUN_ON_LOADING:
                yield index

    def objects(self) -> Iterator[Blob]:
        """What Keras wrote of its layers into the object graph (SavedUserObject: identifier 1, metadata 3)."""
        for graph in self.all(OBJECTS):
            for node in within(self.messages, [span(graph)], 1):
                for user in within(self.messages, [span(node)], 4):
                    yield from keras(self.blob, self.messages, user, 3)


def keras(blob: Blob, messages: Messages, layer: Field, number: int) -> Iterator[Blob]:
    """A layer's settings as JSON, for whoever reads Keras settings."""
    for field in within(messages, [span(layer)], number):
        if field.length > 2 and messages.bytes_of(field, 1) == b"{":
            blob.limits.spend("parsed", field.length)
            yield blob.inside(f"keras@{field.offset}", blob.read(field.offset, field.length), loader="keras")
