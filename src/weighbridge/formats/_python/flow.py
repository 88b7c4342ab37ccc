"""Follows a source from its first line: what its import calls, and what its functions would call later.

Nothing is run. Every branch is taken once, a function of the source is entered where it is called, and a value is known
as far as it depends on constants. The rest is unknown, and stays so.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from weighbridge.errors import Exhausted
from weighbridge.formats._python.deeds import Deed, Kind
from weighbridge.formats._python.entries import entry_points, is_loaded, of_file
from weighbridge.formats._python.expressions import Expressions, members
from weighbridge.formats._python.values import NOTHING, Local, Scope, Value, either, named

STEPS = 60  # for each node of the tree
DEEPEST = 12  # functions within functions that are entered; deeper ones are entered afterwards
VARIANTS = 48  # kinds of arguments for which one function is entered; then once more, with the worst
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
STARTERS = ("__new__", "__init__", "__post_init__")


class Flow(Expressions):
    """One source. `deeds` are what was seen, in order."""

    def __init__(self, tree: ast.Module, script: bool = False, name: str = "") -> None:
        """`script`: it is a program too: what stands under `__name__ == "__main__"` counts. `name`: its file."""
        self.steps, self.sources = 2000 + STEPS * sum(1 for _ in ast.walk(tree)), 0
        self.script = script
        self.deeds: list[Deed] = []
        self.on_import, self.inside, self.branch, self.depth = True, "", 0, 0
        self.when, self.loaded = "", dict[str, Local]()
        self.entered: dict[tuple[object, ...], Value] = {}
        self.variants: dict[int, int] = {}
        self.later: list[Local] = []
        self.postponed: list[tuple[Local, list[Value], bool]] = []
        self.told: set[tuple[object, ...]] = set()
        self.top = Scope()
        self.results: list[Value] = []
        self.body(tree.body, self.top)
        for hook in ("__getattr__", "__dir__"):  # of a module: `from source import name` calls it
            for local in self.top.names.get(hook, NOTHING).local:
                self.enter(local, [])
        self.catch_up()
        self.called_by_loaders(name)
        self.afterwards()

    def called_by_loaders(self, name: str) -> None:
        """What loading the model calls, then what using it calls."""
        self.on_import = False
        calls = [(when, local, "") for when, local in of_file(name, self.top)]
        calls += [(when, local, method) for local in self.loaded.values() for when, method in entry_points(local)]
        for when, local, method in sorted(calls, key=lambda call: call[0]):
            self.when = when
            if method:
                self.entered_all(local.scope.names[method], local)
            else:
                self.enter(local, [])
            self.catch_up()
        self.when = ""

    def catch_up(self) -> None:
        """What lay too deep when it was called."""
        while self.postponed:
            local, arguments, self.on_import = self.postponed.pop()
            self.enter(local, arguments)

    def afterwards(self) -> None:
        """What nobody called on import is looked at as what may be called later."""
        self.on_import = False
        at = 0
        while at < len(self.later):
            self.on_import = False
            local = self.later[at]
            at += 1
            if not self.variants.get(id(local.node)):
                self.enter(local, [])
                self.catch_up()

    def spend(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise Exhausted("is so tangled that it was not followed to its end")

    def body(self, statements: Iterable[ast.stmt], scope: Scope) -> None:
        for statement in statements:
            self.statement(statement, scope)

    def statement(self, node: ast.stmt, scope: Scope) -> None:
        self.spend()
        act = getattr(self, f"do_{type(node).__name__}", None)
        if act is not None:
            act(node, scope)
            return
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child, scope)
        self.branches(node, scope)

    def branches(self, node: ast.stmt, scope: Scope) -> None:
        """The statements within a statement, each way once."""
        self.branch += 1
        for child in nested(node):
            self.statement(child, scope)
        self.branch -= 1

    def do_If(self, node: ast.If, scope: Scope) -> None:  # noqa: N802
        if isinstance(node.test, ast.Name | ast.Attribute) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            return
        self.value(node.test, scope)
        self.branch += 1
        if is_program(node.test) and not self.script:
            before, self.on_import = self.on_import, False
            self.body(node.body, scope)
            self.on_import = before
        else:
            self.body(node.body, scope)
        self.body(node.orelse, scope)
        self.branch -= 1

    def do_Import(self, node: ast.Import, scope: Scope) -> None:  # noqa: N802
        for alias in node.names:
            first = alias.name.partition(".")[0]
            scope.bind(alias.asname or first, named(alias.name if alias.asname else first), self.branch > 0)

    def do_ImportFrom(self, node: ast.ImportFrom, scope: Scope) -> None:  # noqa: N802
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                scope.stars.append(module)
            else:
                scope.bind(alias.asname or alias.name, named(f"{module}.{alias.name}"), self.branch > 0)

    def do_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:  # noqa: N802
        arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        hints = [node.returns, *(argument.annotation for argument in arguments)]
        for part in (*node.args.defaults, *node.args.kw_defaults, *hints):
            if part is not None:
                self.value(part, scope)
        self.defined(node, Local(node, scope), scope)

    do_AsyncFunctionDef = do_FunctionDef  # noqa: N815

    def do_ClassDef(self, node: ast.ClassDef, scope: Scope) -> None:  # noqa: N802
        inner = Scope(scope)
        bases = [self.value(base, scope) for base in (*node.bases, *(keyword.value for keyword in node.keywords))]
        for maker in (local for base in bases for local in base.local if isinstance(local.node, FUNCTIONS)):
            self.enter(maker, [])  # `metaclass=`: whatever is called there makes the class
        parents = [local for base in bases for local in base.local if isinstance(local.node, ast.ClassDef)]
        inner.bases = tuple(parents)
        if is_loaded(node) or any(getattr(parent.node, "name", "") in self.loaded for parent in parents):
            self.loaded[node.name] = Local(node, inner)
        for parent in parents:
            inner.names.update(parent.scope.names)
        self.body(node.body, inner)
        for parent in parents:  # making a class calls its metaclass, and tells its parents
            for name in ("__new__", "__init__", "__prepare__", "__init_subclass__"):
                member = parent.scope.names.get(name, NOTHING)
                if name == "__init_subclass__" or node.keywords:
                    self.entered_all(member, parent)
        self.defined(node, Local(node, inner), scope)

    def entered_all(self, member: Value, local: Local) -> None:
        for method in member.local:
            self.enter(method._replace(owner=Value(local=(local,))), [])

    def defined(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, local: Local, scope: Scope) -> None:
        value = Value(local=(local,))
        if not isinstance(node, ast.ClassDef):
            self.later.append(local)
        for decorator in reversed(node.decorator_list):
            made = self.call(self.value(decorator, scope), [value], decorator)
            value = either(value, made) if made.local else value
        scope.bind(node.name, value, self.branch > 0)

    def do_Return(self, node: ast.Return, scope: Scope) -> None:  # noqa: N802
        if node.value is None:
            return
        value = self.value(node.value, scope)
        self.results.append(value)
        if self.inside in ("__reduce__", "__reduce_ex__"):  # what it returns is what a pickle of it calls
            self.handed_on(["__reduce__"], list(value.items), node)

    def do_Assign(self, node: ast.Assign, scope: Scope) -> None:  # noqa: N802
        value = self.value(node.value, scope)
        for target in node.targets:
            self.assign(target, value, scope)

    def do_AnnAssign(self, node: ast.AnnAssign, scope: Scope) -> None:  # noqa: N802
        self.value(node.annotation, scope)
        if node.value is not None:
            self.assign(node.target, self.value(node.value, scope), scope)

    def do_AugAssign(self, node: ast.AugAssign, scope: Scope) -> None:  # noqa: N802
        whole = ast.copy_location(ast.BinOp(loaded(node.target), node.op, node.value), node)
        value = self.value(whole, scope)
        self.assign(node.target, value, scope)

    def do_For(self, node: ast.For | ast.AsyncFor, scope: Scope) -> None:  # noqa: N802
        values = self.value(node.iter, scope)
        items = tuple(item for item in values.items if item.items)[:1]
        one = either(members(values), Value(values.names, None, values.hidden, values.read, values.texts))
        self.assign(node.target, one._replace(items=items[0].items) if items else one, scope)
        self.branches(node, scope)

    do_AsyncFor = do_For  # noqa: N815

    def do_Match(self, node: ast.Match, scope: Scope) -> None:  # noqa: N802
        value = self.value(node.subject, scope)
        self.branch += 1
        for case in node.cases:
            for part in ast.walk(case.pattern):
                if isinstance(part, ast.MatchAs | ast.MatchStar) and part.name:
                    scope.bind(part.name, either(value, members(value)), True)
            if case.guard is not None:
                self.value(case.guard, scope)
            self.body(case.body, scope)
        self.branch -= 1

    def do_With(self, node: ast.With | ast.AsyncWith, scope: Scope) -> None:  # noqa: N802
        for item in node.items:
            value = self.value(item.context_expr, scope)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, scope)
        self.body(node.body, scope)

    do_AsyncWith = do_With  # noqa: N815

    def assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        if isinstance(target, ast.Name):
            scope.bind(target.id, value, self.branch > 0)
        elif isinstance(target, ast.Tuple | ast.List):
            for at, part in enumerate(target.elts):
                known = value.items[at] if at < len(value.items) else None
                self.assign(part, known or value._replace(const=None, items=()), scope)
        elif isinstance(target, ast.Attribute):
            base = self.value(target.value, scope)
            for local in base.local:
                local.scope.bind(target.attr, value, True)
            if base.names and self.on_import:  # of somebody else's module: whoever calls it there calls this
                self.may_be_called(value)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value, scope)
        elif isinstance(target, ast.Subscript):
            base, key = self.value(target.value, scope), self.value(target.slice, scope)
            if base.names & {"globals()", "locals()", "vars()"} and isinstance(key.const, str):
                self.top.bind(key.const, value, True)

    def enter(self, local: Local, arguments: list[Value]) -> Value:
        """What a function of this source returns for such arguments, and all that it does on the way."""
        node = local.node
        if isinstance(node, ast.ClassDef):
            return self.make(local, arguments)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return NOTHING
        shape = tuple(
            (value.hidden, value.read, value.names, repr(value.const)[:80], value.local) for value in arguments
        )
        key = (id(node), self.on_import, self.when, shape)
        if key in self.entered:
            return self.entered[key]
        if self.depth >= DEEPEST:
            self.postponed.append((local, arguments, self.on_import))
            return Value(hidden=any(value.hidden for value in arguments))
        if self.variants.get(id(node), 0) >= VARIANTS:
            if not self.on_import or self.variants[id(node)] > VARIANTS:
                return Value(hidden=self.on_import)
            arguments = [Value(hidden=True) for _ in arguments]
        self.entered[key] = NOTHING
        self.variants[id(node)] = self.variants.get(id(node), 0) + 1
        self.entered[key] = self.run(node, local, arguments)
        return self.entered[key]

    def run(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, local: Local, given: list[Value]) -> Value:
        scope = Scope(local.scope)
        bound = [local.owner, *given] if local.owner is not None else given
        names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
        for name, value in zip(names, bound):
            scope.names[name] = value
        usual = dict(zip(reversed(names), reversed(node.args.defaults)))
        for name in [*names[len(bound) :], *(a.arg for a in node.args.kwonlyargs)]:
            scope.names[name] = self.value(usual[name], local.scope) if name in usual else NOTHING
        for rest in filter(None, (node.args.vararg, node.args.kwarg)):
            spare = bound[len(names) :]
            hidden = any(value.hidden for value in spare)
            scope.names[rest.arg] = Value(items=tuple(spare), hidden=hidden)
        kept = self.inside, self.branch, self.results
        self.inside, self.branch, self.results = getattr(node, "name", self.inside or "lambda"), 0, []
        self.depth += 1
        try:
            if isinstance(node, ast.Lambda):
                return self.value(node.body, scope)
            self.body(node.body, scope)
            return together(self.results)
        finally:
            self.depth -= 1
            self.inside, self.branch, self.results = kept

    def make(self, local: Local, arguments: list[Value]) -> Value:
        """An instance of a class of this source; what makes it runs."""
        made = local._replace(made=True)
        instance = Value(local=(made,))
        for name in STARTERS:
            for method in local.scope.names.get(name, NOTHING).local:
                self.enter(method._replace(owner=instance), arguments)
        for name in tuple(local.scope.names) if self.on_import else ():
            if name[:2] == "__" and name not in (*STARTERS, "__call__", "__class__"):  # called by signs: [], with, del
                self.entered_all(local.scope.names[name], made)
        return instance

    def noted(self, kind: Kind, name: str, node: ast.AST, values: tuple[Value, ...], passed: bool = False) -> None:
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        deed = Deed(kind, name, line, column, self.on_import, self.inside, values, passed, self.when)
        key = (kind, name, line, column, self.on_import, self.when, any(value.hidden for value in values), deed.texts)
        if key not in self.told:
            self.told.add(key)
            self.deeds.append(deed)


def is_program(test: ast.expr) -> bool:
    """Does a condition hold only where the source is run as a program?"""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return any(map(is_program, test.values))
    return isinstance(test, ast.Compare) and ast.unparse(test) in ("__name__ == '__main__'", "'__main__' == __name__")


def nested(node: ast.stmt) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from child.body


def loaded(node: ast.expr) -> ast.expr:
    """A target, as the value that it holds."""
    if isinstance(node, ast.Name):
        return ast.copy_location(ast.Name(node.id, ast.Load()), node)
    return node


def together(values: list[Value]) -> Value:
    made = NOTHING
    for value in values[:16]:
        made = either(made, value)
    return made
