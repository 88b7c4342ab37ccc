"""What an operator that reaches out of a TensorFlow graph does, where to, and whether loading runs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats._tensorflow.graph import Function, Node, Span, node_of
from weighbridge.formats._tensorflow.operators import DEEDS, Deed, When
from weighbridge.formats._tensorflow.paths import MAIN, Leaf, Paths, Source
from weighbridge.formats._tensorflow.recognise import kind_of
from weighbridge.formats._tensorflow.threats import CALLER, LOADS, RUNS, SUSPICIOUS
from weighbridge.policy.finding import Finding, Threat
from weighbridge.readers.names import leads_out
from weighbridge.readers.protobuf import Field
from weighbridge.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from weighbridge.formats._tensorflow.inspection import Roots

HARMLESS = {"output_stream": ("stdout", "stderr", "log(info)", "log(warning)", "log(error)", "")}
WITHIN = ("memmapped_package://", "local://", "bytes://")  # places within the model, or the program


class Judge:
    """Judges the nodes of one graph that the first look could not pass."""

    def __init__(self, blob: Blob, main: list[Span], functions: dict[str, Function], roots: Roots) -> None:
        self.blob, self.roots = blob, roots
        self.paths = Paths(blob, main, functions, set(roots.assets))
        self.reached: tuple[set[str], set[str]] | None = None

    def judge(self, suspects: list[tuple[str, Field]], *, whole: bool) -> Iterator[Finding]:
        """`whole`: the graph was read to its end; else paths cannot be followed, and count as computed."""
        for scope, field in suspects:
            node = node_of(self.paths.messages, field)
            deed = DEEDS[node.operator]
            leaves = self.leaves(scope, node, deed, whole=whole)
            threat = self.threat(scope, node, deed, leaves, whole=whole)
            if threat is not None:
                yield self.found(threat, scope, node, deed, leaves)

    def leaves(self, scope: str, node: Node, deed: Deed, *, whole: bool) -> list[Leaf]:
        """What says where to: inputs and attributes."""
        found: list[Leaf] = []
        try:
            for index in deed.inputs:
                found += self.paths.leaves(scope, node, index)
        except Malformed:
            if whole:
                raise
            found.append(Leaf(Source.COMPUTED))
        for name in deed.attributes:
            texts = self.paths.attribute(node, name)
            found += [Leaf(Source.CONSTANT, text) for text in texts if text not in HARMLESS.get(name, ())]
        return list(dict.fromkeys(found))

    def threat(self, scope: str, node: Node, deed: Deed, leaves: list[Leaf], *, whole: bool) -> Threat | None:
        """None where an honest model does the same."""
        if deed.when is When.NAMED and not any(names_something(leaf) for leaf in leaves):
            return None
        if deed.when is When.PATH and not (any(map(is_fixed, leaves)) or joined_leads_out(leaves)):
            return None
        if deed.when is When.GRAPH and self.is_readable(scope, node):
            return None
        if deed.when is When.READ and leaves and all(leaf.source is Source.CALLER for leaf in leaves):
            with suppress(Malformed):
                if whole and self.paths.only_decoded(scope, node):
                    return CALLER
        if whole and self.is_run_on_loading(scope, node):
            return LOADS
        return RUNS if deed.grave else SUSPICIOUS

    def is_readable(self, scope: str, node: Node) -> bool:
        """Whether the first input is a constant, as it stands, and a graph: then it was read already."""
        try:
            given = self.paths.constant_of(scope, (node.data_inputs() or [""])[0])
            return bool(given) and all(kind_of(self.paths.messages, text) for text in given)
        except Malformed:
            return False

    def found(self, threat: Threat, scope: str, node: Node, deed: Deed, leaves: list[Leaf]) -> Finding:
        texts = [leaf.text for leaf in leaves if leaf.text]
        shown = ", ".join(ascii(text[:120]) for text in texts[:3])
        where = f"function {scope[:100]!a}" if scope else "the graph"
        message = f"operator `{node.operator}` (node {node.name[:100]!a} of {where}) {deed.does}"
        if shown:
            message += f": {shown}"
        elif leaves:
            sources = {leaf.source for leaf in leaves}
            message += " that its caller names" if sources == {Source.CALLER} else " at a place that is computed"
        return threat.found(
            self.blob.at(node.at),
            message,
            callable=f"tensorflow.{node.operator}",
            evidence=f"{node.operator}({shown})" if shown else "",
        )

    def is_run_on_loading(self, scope: str, node: Node) -> bool:
        if not self.roots.nodes and not self.roots.functions:
            return False
        if self.reached is None:
            self.reached = self.reach()
        nodes, functions = self.reached
        return node.name in nodes if scope == MAIN else scope in functions

    def reach(self) -> tuple[set[str], set[str]]:
        """Every node of the graph and every function that what loading runs depends on."""
        nodes: set[str] = set()
        functions: set[str] = set()
        pending = [(MAIN, name) for name in self.roots.nodes]
        called = [name for name in self.roots.functions if name in self.paths.functions]
        while pending or called:
            if called:
                name = called.pop()
                if name in functions or name not in self.paths.functions:
                    continue
                functions.add(name)
                for node in self.paths.scope(name).nodes.values():
                    called += self.paths.called(node)
                continue
            _, edge = pending.pop()
            name = edge.lstrip("^").partition(":")[0]
            found = self.paths.scope(MAIN).nodes.get(name)
            if name in nodes or found is None:
                continue
            nodes.add(name)
            pending += [(MAIN, edge) for edge in found.inputs]
            called += self.paths.called(found)
        return nodes, functions


def is_fixed(leaf: Leaf) -> bool:
    """A path that neither the caller nor an asset gives, and that is no plain name."""
    if leaf.source is Source.COMPUTED:
        return True
    return leaf.source is Source.CONSTANT and bool(leads_out(leaf.text))


def joined_leads_out(leaves: list[Leaf]) -> bool:
    """Whether constants that lead nowhere lead out when they are put together (`.` and `./x`)."""
    if len(leaves) < 2 or any(leaf.source is not Source.CONSTANT for leaf in leaves):
        return False
    texts = [leaf.text for leaf in leaves]
    return any(leads_out("".join(order)) for order in (texts, texts[::-1]))


def names_something(leaf: Leaf) -> bool:
    return bool(leaf.text) and not leaf.text.startswith(WITHIN)
