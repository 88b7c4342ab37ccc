"""Every node of a TensorFlow graph, of its functions, and of the graphs that its texts hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted, Malformed
from weighbridge.formats._tensorflow.graph import Function, Span, function_of, node_of, span, texts, within
from weighbridge.formats._tensorflow.judge import Judge
from weighbridge.formats._tensorflow.operators import DEEDS
from weighbridge.formats._tensorflow.paths import MAIN
from weighbridge.formats._tensorflow.recognise import SHORTEST, kind_of
from weighbridge.formats._tensorflow.threats import UNKNOWN
from weighbridge.policy.finding import Finding
from weighbridge.readers.protobuf import BYTES, Field, Messages
from weighbridge.typed import NamedTuple

NESTED = 8  # graphs within texts of graphs
PROGRAM = b"ML\xefR"  # StableHLO, which XlaCallModule runs
ENTRY = 8  # bytes of an attribute beside its text


class Roots(NamedTuple):
    """What loading runs: nodes of the graph, and functions of the library. `assets` are tensors that loading feeds."""

    nodes: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    assets: frozenset[str] = frozenset()


NOTHING = Roots()


class Graph:
    """A GraphDef: spans of its own, and those of functions that stand outside it."""

    def __init__(self, blob: Blob, spans: list[Span], roots: Roots = NOTHING, *, depth: int = 0) -> None:
        self.blob, self.messages = blob, Messages(blob)
        self.spans, self.roots, self.depth = spans, roots, depth
        self.functions: dict[str, Function] = {}
        self.told: set[str] = set()

    def inspect(self) -> Iterator[Finding | Blob]:
        with suppress(Malformed):  # what breaks is told below, after what stands before the break
            self.know(list(within(self.messages, self.spans, 2)))
        suspects: list[tuple[str, Field]] = []
        try:
            yield from self.nodes(MAIN, self.spans, (1,), suspects)
            for function in list(self.functions.values()):
                yield from self.nodes(function.name, list(function.spans), (2, 3), suspects)
        except Malformed:
            yield from self.judged(suspects, whole=False)
            raise
        yield from self.judged(suspects, whole=True)

    def know(self, libraries: list[Field]) -> None:
        """The functions of the libraries; one that is defined twice is read twice."""
        for library in libraries:
            for field in within(self.messages, [span(library)], 1):
                self.add(field)

    def add(self, field: Field) -> None:
        function = function_of(self.messages, field)
        self.blob.limits.spend("parsed", 64 + len(function.name))
        known = self.functions.get(function.name)
        if known:
            function = function._replace(spans=known.spans + function.spans)
        self.functions[function.name] = function

    def nodes(
        self, scope: str, spans: list[Span], numbers: tuple[int, ...], suspects: list[tuple[str, Field]]
    ) -> Iterator[Finding | Blob]:
        """Nodes by their operators; what needs a second look is put among the suspects."""
        from weighbridge.formats._tensorflow.names import KNOWN

        for node in within(self.messages, spans, *numbers):
            operator = ""
            for field in self.messages.fields(node.offset, node.end):
                if field.wire != BYTES:
                    continue
                if field.number == 2:
                    operator = self.messages.text(field, 1024)
                elif field.number == 5 and field.length >= SHORTEST + ENTRY:
                    yield from self.texts(field)
            if operator in DEEDS:
                suspects.append((scope, node))
            elif operator and operator not in KNOWN and operator not in self.functions and operator not in self.told:
                yield from self.unknown(scope, node, operator)

    def unknown(self, scope: str, node: Field, operator: str) -> Iterator[Finding]:
        """Told once for each operator."""
        self.told.add(operator)
        name = node_of(self.messages, node).name
        where = f"function {scope[:100]!a}" if scope else "the graph"
        message = f"operator {operator[:200]!a} (node {name[:100]!a} of {where}) is none of TensorFlow's"
        yield UNKNOWN.found(self.blob.at(node.at), message, callable=f"tensorflow.{operator[:200]}")

    def texts(self, entry: Field) -> Iterator[Finding | Blob]:
        """The texts of an attribute: one that is a graph is read as one."""
        for value in within(self.messages, [span(entry)], 2):
            for text in texts(self.messages, value):
                kind = kind_of(self.messages, text)
                if self.messages.bytes_of(text, len(PROGRAM)) == PROGRAM:
                    yield self.blob.part(text.offset, text.length)
                elif kind:
                    yield from nested(self.blob, kind, text, self.depth + 1)

    def judged(self, suspects: list[tuple[str, Field]], *, whole: bool) -> Iterator[Finding]:
        if suspects:
            yield from Judge(self.blob, self.spans, self.functions, self.roots).judge(suspects, whole=whole)


def nested(blob: Blob, kind: str, text: Field, depth: int) -> Iterator[Finding | Blob]:
    """A graph within a text of another graph; TensorFlow runs such in DatasetFromGraph and others."""
    if depth > NESTED:
        raise Exhausted(f"graphs within graphs more than {NESTED} deep", text.at)
    messages = Messages(blob)
    if kind in ("graph", "library", "function"):
        graph = Graph(blob, [span(text)] if kind == "graph" else [], depth=depth)
        with suppress(Malformed):
            if kind == "library":
                graph.know([text])
            elif kind == "function":
                graph.add(text)
        yield from graph.inspect()
        return
    metas = [text] if kind == "meta graph" else list(within(messages, [span(text)], 2))
    for meta in metas:
        spans = [span(field) for field in within(messages, [span(meta)], 2)]
        yield from Graph(blob, spans, depth=depth).inspect()
