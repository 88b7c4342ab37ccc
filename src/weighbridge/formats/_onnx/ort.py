"""ONNX Runtime's own format: the graph of an ONNX model as FlatBuffers.

Schema: onnxruntime/core/flatbuffers/schema/ort.fbs
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted
from weighbridge.formats._onnx.operators import PYTHON, REACHES_OUT, is_known
from weighbridge.formats._onnx.threats import CUSTOM_OPERATOR, OUTSIDE_ENGINE, PYTHON_OPERATOR, SENDS
from weighbridge.policy.finding import Finding
from weighbridge.readers.flatbuffers import Table, root
from weighbridge.readers.names import leads_out

MODEL, GRAPH = 1, 7  # fields of InferenceSession, Model
NODES = 2  # of Graph
DOMAIN, OPERATOR, ATTRIBUTES = 2, 5, 10  # of Node
NAME, INTEGER, TEXT, SUBGRAPH, SUBGRAPHS = 0, 4, 5, 7, 12  # of Attribute
DEEPEST = 64


class Session:
    """Reads every node of every graph; tensors are jumped."""

    def __init__(self, blob: Blob) -> None:
        self.blob = blob
        self.told: set[tuple[str, str]] = set()

    def inspect(self) -> Iterator[Finding]:
        model = root(self.blob).table(MODEL)
        graph = model.table(GRAPH) if model else None
        pending = [(graph, 0)] if graph else []
        seen: set[int] = set()
        while pending:
            graph, depth = pending.pop()
            if graph.at in seen:
                continue
            seen.add(graph.at)
            if depth > DEEPEST:
                raise Exhausted(f"graphs more than {DEEPEST} deep", graph.at)
            for node in graph.tables(NODES):
                attributes = node.tables(ATTRIBUTES)
                yield from self.judge(node, attributes)
                for attribute in attributes:
                    inner = attribute.table(SUBGRAPH)
                    graphs = [*([inner] if inner else []), *attribute.tables(SUBGRAPHS)]
                    pending += [(each, depth + 1) for each in graphs]

    def judge(self, node: Table, attributes: list[Table]) -> Iterator[Finding]:
        domain, operator = node.text(DOMAIN), node.text(OPERATOR)
        full = f"{domain[:200] or 'ai.onnx'}.{operator[:200]}"
        where = self.blob.at(node.at)
        if operator in PYTHON:
            words = {each.text(NAME)[:100]: each.text(TEXT)[:100] for each in attributes}
            said = ", ".join(f"{name}={value!a}" for name, value in words.items() if value)[:300]
            yield PYTHON_OPERATOR.found(where, f"operator {full!a} calls Python ({said})", callable=full, evidence=said)
        elif operator in REACHES_OUT:
            yield SENDS.found(where, f"operator {full!a} {REACHES_OUT[operator]}", callable=full)
        elif operator == "EPContext":
            yield from self.engine(node, attributes)
        elif not is_known(domain, operator) and (domain, operator) not in self.told:
            self.told.add((domain, operator))
            yield CUSTOM_OPERATOR.found(where, f"operator {full!a} is of no known framework", callable=full)

    def engine(self, node: Table, attributes: list[Table]) -> Iterator[Finding]:
        """With `embed_mode` 0 the context is a path."""
        by_name = {each.text(NAME): each for each in attributes}
        mode, context = by_name.get("embed_mode"), by_name.get("ep_cache_context")
        if mode and context and mode.integer(INTEGER, 8) == 0 and (fault := leads_out(context.text(TEXT))):
            shown = context.text(TEXT)[:200]
            yield OUTSIDE_ENGINE.found(self.blob.at(node.at), f"an engine at {shown!a}, which {fault}")
