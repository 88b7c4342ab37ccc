"""What a call in a Python source gives, and that it was made."""

from __future__ import annotations

import ast

from weighbridge.formats._python import folding
from weighbridge.formats._python.deeds import BUILTINS, CALLS_BACK, HANDED_ON, Deed, Kind, kind_of
from weighbridge.formats._python.values import (
    NOTHING,
    TEXTS,
    Local,
    Scope,
    Value,
    canonical,
    either,
    named,
)
from weighbridge.typed import TYPE_CHECKING

LONGEST_NAME = 160
MOST_SOURCES = 50  # texts given to exec or eval that are followed
CLIMBING = ("__base__", "__bases__", "__mro__", "mro")
READERS = ("open", "io.open", "codecs.open", "json.load", "yaml.safe_load", "torch.load", "numpy.load", "pathlib.Path",
           "os.getenv", "os.environ.get", "input", "sys.stdin.read")  # fmt: skip
FETCHERS = frozenset(
    {"huggingface_hub.hf_hub_download", "huggingface_hub.snapshot_download", "huggingface_hub.cached_download"}
)
PLACES = frozenset(
    {"os", "subprocess", "builtins", "__builtins__", "posix", "sys", "ctypes"}
)  # that deeds are taken from
IMPORTERS = (
    "__import__", "importlib.import_module", "importlib.__import__", "pkgutil.resolve_name", "pydoc.locate",
    "unittest.mock._importer", "django.utils.module_loading.import_string", "werkzeug.utils.import_string",
    "hydra.utils.get_object", "hydra.utils.get_method", "hydra.utils.get_class",
)  # fmt: skip


class Calls:
    """The part of `Flow` that calls."""

    on_import: bool
    when: str
    steps: int
    deeds: list[Deed]
    sources: int

    if TYPE_CHECKING:

        def spend(self) -> None: ...
        def enter(self, local: Local, arguments: list[Value]) -> Value: ...
        def attribute(self, base: Value, name: str, node: ast.AST) -> Value: ...
        def body(self, statements: list[ast.stmt], scope: Scope) -> None: ...
        def noted(
            self, kind: Kind, name: str, node: ast.AST, values: tuple[Value, ...], passed: bool = False
        ) -> None: ...

    def call(self, callee: Value, arguments: list[Value], node: ast.AST, scope: Scope | None = None) -> Value:
        """What a call gives, and that it was made."""
        made = NOTHING
        names = sorted(callee.names)
        for name in names:
            made = either(made, self.known(name, arguments, node, scope, callee.texts))
        for local in callee.local:
            if isinstance(local.node, ast.ClassDef) and local.made:
                called = self.attribute(Value(local=(local,)), "__call__", node)
                for one in called.local:
                    made = either(made, self.enter(one, arguments))
            else:
                made = either(made, self.enter(local, arguments))
        self.handed_on(names, arguments, node)
        if callee.hidden or callee.read:
            texts = made.texts or callee.texts
            made = made._replace(hidden=made.hidden or callee.hidden, read=made.read or callee.read, texts=texts)
        return made

    def known(
        self, name: str, arguments: list[Value], node: ast.AST, scope: Scope | None, texts: tuple[str, ...] = ()
    ) -> Value:
        """What a function that has a name gives; `texts` are those that its owner was made from."""
        first = arguments[0] if arguments else NOTHING
        last = name.rpartition(".")[2]
        if name in IMPORTERS:
            return self.imported(first)
        if name.startswith("super()."):
            return self.inherited(last, arguments, scope)
        if last in ("getattr", "__getattribute__", "attrgetter", "methodcaller") and arguments:
            return self.reached(arguments, name, node)
        if name.startswith(("operator.attrgetter:", "operator.methodcaller:")):
            taken_by_name = first
            for part in name.partition(":")[2].split("."):
                taken_by_name = self.attribute(taken_by_name, part, node)
            return self.call(taken_by_name, [], node, scope) if "methodcaller" in name else taken_by_name
        kind = kind_of(name)
        if kind is not None:
            self.noted(kind, name, node, (*arguments, Value(texts=texts)) if texts else tuple(arguments))
        evaluated = kind is Kind.EVALUATES and not name.startswith("runpy.")
        if (evaluated or name == "compile") and isinstance(first.const, str | bytes):
            self.nested_source(first, node, scope)
        if last == "__subclasses__" and any(part in name for part in CLIMBING):
            self.noted(Kind.CLIMBS, name, node, tuple(arguments))
        made = first if name == "ast.parse" else folding.called(last, arguments)
        if made is not None:
            return made
        if name in ("globals", "locals", "vars"):
            base = [f"{one}.__dict__" for one in first.names] or [f"{name}()"]
            return named(*base)
        if name == "functools.partial":
            return first._replace(const=None)
        hidden = any(argument.hidden for argument in arguments) or kind in (Kind.CONNECTS, Kind.UNMARSHALS)
        if name in FETCHERS and self.on_import:
            return Value(hidden=True, texts=tuple(text for argument in arguments for text in argument.words)[:TEXTS])
        if name == "dir" and self.on_import and first.names & PLACES:
            return Value(hidden=True)
        read = name in READERS or any(argument.read for argument in arguments)
        texts = tuple(text for argument in arguments for text in argument.words)[:TEXTS] or texts
        if name.startswith(("site.get", "sysconfig.get_path")):
            texts = ("site-packages", *texts)
        names = frozenset({f"{name}()"} if len(name) < LONGEST_NAME else ())
        return Value(names, None, hidden, read, texts)

    def imported(self, module: Value) -> Value:
        if isinstance(module.const, str):
            name = module.const.replace(":", ".")
            return Value(frozenset({canonical(name)}), None, False)
        return Value(hidden=module.hidden)

    def inherited(self, name: str, arguments: list[Value], scope: Scope | None) -> Value:
        """A method of a parent, called on oneself."""
        owner = (scope.find("self") or scope.find("cls") or NOTHING) if scope is not None else NOTHING
        made = NOTHING
        for local in owner.local:
            for base in local.scope.bases:
                for method in base.scope.names.get(name, NOTHING).local:
                    made = either(made, self.enter(method._replace(owner=owner), arguments))
        return made

    def reached(self, arguments: list[Value], name: str, node: ast.AST) -> Value:
        """An attribute that is taken by a text."""
        base = arguments[0]
        if name.endswith(".__getattribute__") and len(arguments) == 1:
            arguments = [named(name.removesuffix(".__getattribute__")), base]
            base = arguments[0]
        if name.endswith(("attrgetter", "methodcaller")):
            return named(f"{name}:{base.const}") if isinstance(base.const, str) else NOTHING
        key = arguments[1] if len(arguments) > 1 else NOTHING
        if isinstance(key.const, str):
            made = base
            for part in key.const.split("."):
                made = self.attribute(made, part, node)
            return made
        if key.hidden and base.names & PLACES:
            self.noted(Kind.REACHES, f"getattr({min(base.names)})", node, tuple(arguments))
        return Value(hidden=key.hidden or base.hidden)

    def handed_on(self, names: list[str], arguments: list[Value], node: ast.AST) -> None:
        """Functions among the arguments: some callees call them, and none has a use for `os.system`."""
        for argument in arguments:
            for name in argument.names:
                kind = kind_of(name)
                apart = name in BUILTINS or name.startswith("types.")
                if kind in HANDED_ON and kind is not None and (not apart or calls_back(names)):
                    self.noted(kind, name, node, tuple(arguments), passed=True)
        if (self.on_import or self.when) and names and not calls_back(names):
            for argument in arguments:
                self.may_be_called(argument)
        if calls_back(names):
            for argument in arguments:
                for local in (*argument.local, *(one for item in argument.items for one in item.local)):
                    if not (isinstance(local.node, ast.ClassDef) and local.made):
                        self.enter(local, [])
                        continue
                    for member in tuple(local.scope.names.values()):
                        for method in member.local:
                            self.enter(method._replace(owner=Value(local=(local,))), [])

    def may_be_called(self, value: Value) -> None:
        """A lambda that somebody else is given while the source is imported: what it runs may be run at once."""
        for local in (*value.local, *(one for item in value.items for one in item.local)):
            if isinstance(local.node, ast.Lambda):
                before = len(self.deeds)
                self.enter(local, [])
                self.deeds[before:] = [deed for deed in self.deeds[before:] if deed.kind is Kind.RUNS]

    def nested_source(self, source: Value, node: ast.AST, scope: Scope | None) -> None:
        """Source within a source: what it does is done here."""
        from weighbridge.readers.pythonast import parsed

        text = source.const if isinstance(source.const, bytes) else source.const.encode("utf-8", "surrogatepass")
        tree = parsed(text[: 1 << 18].strip().lstrip(b"@")).tree  # pandas marks names of Python's with `@`
        self.sources += 1
        if tree is None or scope is None or self.sources > MOST_SOURCES:
            return
        self.steps += 60 * len(text)
        for inner in ast.walk(tree):
            self.spend()
            if isinstance(inner, ast.expr | ast.stmt):
                inner.lineno, inner.col_offset = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        self.body(tree.body, scope)


def calls_back(names: list[str]) -> bool:
    return any(CALLS_BACK.fullmatch(name) for name in names)
