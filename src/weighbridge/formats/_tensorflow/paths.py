"""Where the text comes from that an operator takes for a path: a constant, an asset, the caller, or who knows."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from itertools import chain, islice

from weighbridge.artifact.blob import Blob
from weighbridge.formats._tensorflow.graph import Function, Node, Span, node_of, texts_of_tensor, within
from weighbridge.formats._tensorflow.operators import DECODERS, FROM_CALLER, PASSES_ON, PLAIN
from weighbridge.readers.protobuf import BYTES, Field, Messages
from weighbridge.typed import NamedTuple

MAIN = ""  # the scope that is no function
NODE = 256  # bytes that a node takes in memory, beside its inputs
WRITES = ("template", "rewrite", "separator")  # attributes of operators on texts that go into what they give
MOST = 2_000  # nodes followed for one path
CALLS = {"If": 1, "StatelessIf": 1, "Case": 1, "StatelessCase": 1}  # operator -> inputs before the arguments


class Source(Enum):
    CONSTANT = 1
    ASSET = 2
    CALLER = 3
    COMPUTED = 4


class Leaf(NamedTuple):
    source: Source
    text: str = ""


class Scope(NamedTuple):
    """The nodes of a graph or function, by name."""

    nodes: dict[str, Node]
    arguments: tuple[str, ...]


class Paths:
    """Follows texts back through a graph. Made only where an operator was seen whose path matters."""

    def __init__(self, blob: Blob, main: list[Span], functions: dict[str, Function], assets: set[str]) -> None:
        self.blob, self.messages = blob, Messages(blob)
        self.main, self.functions, self.assets = main, functions, assets
        self.scopes: dict[str, Scope] = {}
        self.callers: dict[str, list[tuple[str, Node]]] | None = None
        self.users: dict[str, dict[str, list[Node]]] = {}

    def scope(self, name: str) -> Scope:
        if name not in self.scopes:
            function = self.functions.get(name)
            spans, number = (function.spans, (2, 3)) if function else (self.main, (1,))
            nodes: dict[str, Node] = {}
            for field in within(self.messages, spans, *number):
                node = node_of(self.messages, field)
                self.blob.limits.spend("parsed", NODE + sum(map(len, node.inputs)))
                nodes[node.name] = node
            self.scopes[name] = Scope(nodes, function.arguments if function else ())
        return self.scopes[name]

    def leaves(self, scope: str, node: Node, index: int) -> list[Leaf]:
        """What the text at one input of a node is made of."""
        inputs = node.data_inputs()
        if index >= len(inputs):
            return []
        pending, seen = [(scope, inputs[index])], set[tuple[str, str]]()
        found: list[Leaf] = []
        while pending:
            place = pending.pop()
            if place in seen:
                continue
            seen.add(place)
            if len(seen) > MOST:
                return [*found, Leaf(Source.COMPUTED)]
            found += self.step(*place, pending)
        return found

    def step(self, where: str, edge: str, pending: list[tuple[str, str]]) -> list[Leaf]:
        """One edge back: leaves where it ends, more edges where it goes on."""
        scope, name = self.scope(where), edge.partition(":")[0]
        node = scope.nodes.get(name)
        if node is None:
            if name in scope.arguments:
                return self.arguments(where, scope.arguments.index(name), pending)
            return [Leaf(Source.COMPUTED)]
        if node.operator == "Const":
            if where == MAIN and name in self.assets:
                return [Leaf(Source.ASSET)]
            return [Leaf(Source.CONSTANT, text) for text in self.constant(node)]
        if node.operator in FROM_CALLER:
            return [Leaf(Source.CALLER)]
        if node.operator in PLAIN:
            return []
        if node.operator in PASSES_ON:
            pending += [(where, edge) for edge in node.data_inputs()]
            return [Leaf(Source.CONSTANT, text) for name in WRITES for text in self.attribute(node, name) if text]
        if node.operator == "ReadVariableOp":
            return self.variable(where, node, pending)
        return [Leaf(Source.COMPUTED)]

    def arguments(self, function: str, index: int, pending: list[tuple[str, str]]) -> list[Leaf]:
        """What callers within the graph give; nobody within it calls: the caller is without."""
        known = False
        for where, call in self.calls().get(function, ()):
            inputs = call.data_inputs()
            at = index + CALLS.get(call.operator, 0)
            if at < len(inputs):
                pending.append((where, inputs[at]))
                known = True
        return [] if known else [Leaf(Source.CALLER)]

    def calls(self) -> dict[str, list[tuple[str, Node]]]:
        """Every node that names a function, by that function."""
        if self.callers is None:
            self.callers = {}
            for where in (MAIN, *self.functions):
                for node in self.scope(where).nodes.values():
                    for name in self.called(node):
                        self.callers.setdefault(name, []).append((where, node))
        return self.callers

    def called(self, node: Node) -> Iterator[str]:
        """The functions of the library that a node names, as its operator or in its attributes."""
        if node.operator in self.functions:
            yield node.operator
        for value in chain.from_iterable(node.attributes.values()):
            for field in within(self.messages, [Span(value.offset, value.end)], 1, 10):
                spans = [Span(field.offset, field.end)]
                holders = [field] if field.number == 10 else list(within(self.messages, spans, 9))
                for holder in holders:
                    for name in within(self.messages, [Span(holder.offset, holder.end)], 1):
                        yield self.messages.text(name)

    def used(self, where: str, name: str) -> list[Node]:
        """The nodes of a scope that take what a node of that name gives."""
        if where not in self.users:
            users: dict[str, list[Node]] = {}
            for node in self.scope(where).nodes.values():
                for giver in {edge.partition(":")[0] for edge in node.data_inputs()}:
                    users.setdefault(giver, []).append(node)
            self.users[where] = users
        return self.users[where].get(name, [])

    def variable(self, where: str, read: Node, pending: list[tuple[str, str]]) -> list[Leaf]:
        """What the graph itself assigns to a variable; a checkpoint may hold anything."""
        handle = (read.data_inputs() or [""])[0].partition(":")[0]
        known = False
        for node in self.used(where, handle)[:MOST]:
            inputs = node.data_inputs()
            if node.operator == "AssignVariableOp" and len(inputs) > 1 and inputs[0].partition(":")[0] == handle:
                pending.append((where, inputs[1]))
                known = True
        return [] if known else [Leaf(Source.COMPUTED)]

    def constant(self, node: Node) -> list[str]:
        return [self.messages.text(text, 1024) for text in islice(self.texts(node), 256)]

    def texts(self, node: Node) -> Iterator[Field]:
        """The texts of a constant, where they lie."""
        for value in node.attributes.get("value", ()):
            for field in within(self.messages, [Span(value.offset, value.end)], 8):
                yield from texts_of_tensor(self.messages, field)

    def constant_of(self, where: str, edge: str) -> list[Field]:
        """The texts of the constant that an edge comes from as it stands; [] where it comes from anything else."""
        for _ in range(8):
            node = self.scope(where).nodes.get(edge.partition(":")[0])
            if node is None or node.operator not in ("Const", "Identity"):
                return []
            if node.operator == "Const":
                return list(islice(self.texts(node), 256))
            edge = (node.data_inputs() or [""])[0]
        return []

    def attribute(self, node: Node, name: str) -> list[str]:
        """The texts of an attribute, alone or in a list."""
        found: list[Field] = []
        for value in node.attributes.get(name, ()):
            for field in self.messages.fields(value.offset, value.end):
                if field.wire == BYTES and field.number == 2:
                    found.append(field)
                elif field.wire == BYTES and field.number == 1:
                    found += within(self.messages, [Span(field.offset, field.end)], 2)
        return [self.messages.text(field, 1024) for field in found]

    def only_decoded(self, where: str, node: Node) -> bool:
        """Whether what a node reads goes to decoders of pictures and sounds, and nowhere else."""
        users = {user.operator for user in self.used(where, node.name)}
        return bool(users) and DECODERS.issuperset(users)
