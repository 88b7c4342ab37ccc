"""An ONNX model read to its last branch: every node of every graph and function, every tensor's place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted, Malformed
from weighbridge.formats._onnx import choices, external
from weighbridge.formats._onnx.operators import PYTHON, REACHES_OUT, is_known
from weighbridge.formats._onnx.threats import CUSTOM_OPERATOR, OUTSIDE_ENGINE, PYTHON_OPERATOR, SENDS
from weighbridge.formats._tensorflow.graph import Span, pair, within
from weighbridge.policy.finding import Finding
from weighbridge.readers.names import leads_out
from weighbridge.readers.protobuf import BYTES, DEEPEST, Field, Messages
from weighbridge.typed import NamedTuple


class Step(NamedTuple):
    """A message to go into: what it is, and where."""

    kind: str
    field: Field


WITHIN = {  # message -> field -> the message in it; nodes and external data are looked at on the way
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "graph": {1: "node", 5: "tensor", 15: "sparse tensor"},
    "function": {7: "node", 11: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse tensor", 23: "sparse tensor"},
    "sparse tensor": {1: "tensor", 2: "tensor"},
}


class Model:
    """Reads a ModelProto. A message that stands there twice is merged by loaders; here both are read."""

    def __init__(self, blob: Blob) -> None:
        self.blob, self.messages = blob, Messages(blob)
        self.defined: set[tuple[str, str]] = set()
        self.told: set[tuple[str, str]] = set()

    def inspect(self) -> Iterator[Finding | Blob]:
        """Depth first, without recursion; as deep as loaders go, and not deeper."""
        self.defined = set(self.functions())
        with suppress(Malformed):  # what breaks is told below
            yield from self.metadata()
        whole = Field(0, BYTES, 0, 0, len(self.blob), 0)
        pending: list[Iterator[Finding | Step]] = [self.enter(Step("model", whole))]
        while pending:
            seen = next(pending[-1], None)
            if seen is None:
                pending.pop()
            elif isinstance(seen, Finding):
                yield seen
            elif len(pending) > DEEPEST:
                raise Exhausted(f"messages more than {DEEPEST} deep", seen.field.at)
            else:
                pending.append(self.enter(seen))

    def metadata(self) -> Iterator[Finding | Blob]:
        """Texts beside the graph (`metadata_props`): settings, templates and code are told from plain words."""
        from weighbridge.formats._metadata import LONGEST, judged

        for entry in within(self.messages, [Span(0, len(self.blob))], 14):
            key, values = pair(self.messages, entry)
            for value in values:
                if value.length <= LONGEST:
                    self.blob.limits.spend("parsed", value.length)
                    data = self.blob.read(value.offset, value.length)
                    yield from judged(self.blob, value.offset, f"metadata_props/{key}", data)

    def enter(self, step: Step) -> Iterator[Finding | Step]:
        special: dict[str, Callable[[Field], Iterator[Finding | Step]]] = {"node": self.node, "tensor": self.tensor}
        if step.kind in special:
            yield from special[step.kind](step.field)
            return
        within = WITHIN[step.kind]
        for field in self.messages.fields(step.field.offset, step.field.end):
            if field.wire == BYTES and field.number in within:
                yield Step(within[field.number], field)
                if step.kind == "model" and field.number == 7:
                    yield from choices.hints(self.blob, self.messages, field)

    def functions(self) -> Iterator[tuple[str, str]]:
        """Domain and name of every function that the model itself defines, as far as it can be read."""
        with suppress(Malformed):
            for field in self.messages.fields():
                if field.number == 25 and field.wire == BYTES:
                    names = {1: "", 10: ""}
                    for part in self.messages.fields(field.offset, field.end):
                        if part.wire == BYTES and part.number in names:
                            names[part.number] = self.messages.text(part)
                    self.blob.limits.spend("parsed", 64 + len(names[1]) + len(names[10]))
                    yield names[10], names[1]

    def tensor(self, tensor: Field) -> Iterator[Finding | Step]:
        """The numbers are jumped; external data is told wherever it stands, be it in use or not."""
        for field in self.messages.fields(tensor.offset, tensor.end):
            if field.number == 13 and field.wire == BYTES:
                yield from external.judge(self.blob, self.messages, field)

    def node(self, node: Field) -> Iterator[Finding | Step]:
        names = {4: "", 7: ""}
        for field in self.messages.fields(node.offset, node.end):
            if field.wire != BYTES:
                continue
            if field.number in names:
                names[field.number] = self.messages.text(field, 256)
            elif field.number == 5:
                yield Step("attribute", field)
        yield from self.judge(node, names[7], names[4])

    def judge(self, node: Field, domain: str, operator: str) -> Iterator[Finding]:
        """What an operator is, by domain and name."""
        full = f"{domain or 'ai.onnx'}.{operator}"
        where = self.blob.at(node.at)
        if operator in PYTHON:
            called = self.words(node)
            said = ", ".join(f"{name}={value!a}" for name, value in called.items())
            message = f"operator {full!a} calls Python ({said[:300]})"
            yield PYTHON_OPERATOR.found(where, message, callable=full, evidence=said[:200])
        elif operator in REACHES_OUT:
            address = self.words(node).get("model_uri", "")[:200]
            yield SENDS.found(where, f"operator {full!a} {REACHES_OUT[operator]}: {address!a}", callable=full)
        elif operator == "EPContext":
            yield from self.engine(node)
        elif not is_known(domain, operator) and self.is_news(domain, operator):
            yield CUSTOM_OPERATOR.found(where, f"operator {full!a} is of no known framework", callable=full)

    def is_news(self, domain: str, operator: str) -> bool:
        """Whether no function of the model defines the operator, and it was not told before."""
        if (domain, operator) in self.defined or (domain, operator) in self.told:
            return False
        self.told.add((domain, operator))
        return True

    def engine(self, node: Field) -> Iterator[Finding]:
        """EPContext: with `embed_mode` 0 its context is a path, else the engine's own bytes."""
        words = self.words(node)
        path = words.get("ep_cache_context", "")
        if words.get("embed_mode") == "0" and (fault := leads_out(path)):
            yield OUTSIDE_ENGINE.found(self.blob.at(node.at), f"an engine at {path[:200]!a}, which {fault}")

    def words(self, node: Field) -> dict[str, str]:
        """The attributes of a node that are a text or a whole number, by name."""
        found: dict[str, str] = {}
        for field in self.messages.fields(node.offset, node.end):
            if field.number == 5 and field.wire == BYTES:
                name = value = ""
                for part in self.messages.fields(field.offset, field.end):
                    if part.number == 1 and part.wire == BYTES:
                        name = self.messages.text(part, 100)
                    elif part.number == 4 and part.wire == BYTES:
                        value = self.messages.text(part)
                    elif part.number == 3 and part.wire != BYTES:
                        value = str(part.value)
                found[name] = value
        return found
