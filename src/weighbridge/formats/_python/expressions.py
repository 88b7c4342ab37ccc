"""What an expression of a Python source is worth, as far as it can be told, and which calls it makes."""

from __future__ import annotations

import ast
import string

from weighbridge.formats._python import folding
from weighbridge.formats._python.calls import LONGEST_NAME, Calls
from weighbridge.formats._python.deeds import Kind
from weighbridge.formats._python.values import (
    NOTHING,
    TEXTS,
    Local,
    Scope,
    Value,
    added,
    canonical,
    constant,
    either,
    formatted,
    mixed,
    named,
    taken,
    times,
)
from weighbridge.typed import TYPE_CHECKING, Any

SHELLS = frozenset(
    """os.system os.popen posix.system nt.system subprocess.getoutput subprocess.getstatusoutput pty.spawn
    commands.getoutput os.execv os.execve os.execvp os.execl""".split()
)
LETTERS = {name: text for name, text in vars(string).items() if isinstance(text, str) and name[:1] != "_"}
BY_KEY = ("get", "pop", "setdefault", "__getitem__")
OUT_OF = ("get", "pop", "setdefault", "__getitem__", "values", "items", "copy", "popleft")
MOST = 4096  # members of a list that a comprehension is followed through


class Expressions(Calls):
    """The half of `Flow` that asks; statements are the other half."""

    branch: int
    later: list[Local]

    if TYPE_CHECKING:

        def assign(self, target: ast.expr, value: Value, scope: Scope) -> None: ...

    def value(self, node: ast.expr, scope: Scope) -> Value:
        self.spend()
        ask = getattr(self, f"of_{type(node).__name__}", None)
        if ask is not None:
            made: Value = ask(node, scope)
            return made
        parts = [self.value(child, scope) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        return mixed(*parts)

    def of_Constant(self, node: ast.Constant, scope: Scope) -> Value:  # noqa: N802
        value = node.value
        return constant(value) if isinstance(value, str | bytes | int) else NOTHING

    def of_Name(self, node: ast.Name, scope: Scope) -> Value:  # noqa: N802
        return self.kept(self.name(node, scope), node)

    def kept(self, value: Value, node: ast.AST) -> Value:
        """A function that runs commands, as a value that somebody keeps: to be called by a name that nobody follows."""
        for name in value.names & SHELLS if self.on_import else ():
            self.noted(Kind.RUNS, name, node, (), passed=True)
        return value

    def name(self, node: ast.Name, scope: Scope) -> Value:
        found = scope.find(node.id)
        if found is not None:
            return found
        if node.id == "__doc__":
            return Value(read=True, texts=("__doc__",))
        return named(node.id, *(f"{module}.{node.id}" for module in scope.stars))

    def of_Attribute(self, node: ast.Attribute, scope: Scope) -> Value:  # noqa: N802
        return self.kept(self.attribute(self.value(node.value, scope), node.attr, node), node)

    def attribute(self, base: Value, name: str, node: ast.AST) -> Value:
        found = NOTHING
        for local in base.local:
            member = local.scope.names.get(name) if isinstance(local.node, ast.ClassDef) else None
            if member is not None:
                owner = Value(local=(local,))
                bound = tuple(one._replace(owner=owner) for one in member.local) if local.made else member.local
                for one in bound if local.made and isinstance(node, ast.Attribute) else ():
                    if is_property(one.node):
                        found = either(found, self.enter(one, []))
                found = either(found, member._replace(local=bound))
        if (letters := LETTERS.get(name)) and "string" in base.names:
            return constant(letters)
        known = base.names or ("object",) if name[:2] == "__" else base.names
        names = {canonical(f"{one}.{name}") for one in known if len(one) < LONGEST_NAME}
        return either(found, Value(frozenset(names), None, base.hidden, base.read, base.texts))

    def of_Subscript(self, node: ast.Subscript, scope: Scope) -> Value:  # noqa: N802
        base = self.value(node.value, scope)
        index = self.index(node.slice, scope)
        if "os.environ" in base.names:
            return Value(read=True, texts=("os.environ",))
        if base.items and isinstance(index, int) and -len(base.items) <= index < len(base.items):
            return base.items[index]
        if isinstance(index, str):
            found = self.by_key(base, index, scope)
            if found is not None:
                return found
        return either(members(base), taken(base, index))

    def by_key(self, base: Value, key: str, scope: Scope) -> Value | None:
        """`globals()["x"]`, `os.__dict__["x"]`, `sys.modules["x"]`: other ways to write a name."""
        for name in base.names:
            if name == "sys.modules":
                return named(key)
            if name.endswith(".__dict__"):
                return named(f"{name.removesuffix('.__dict__')}.{key}")
            if name.endswith(("f_builtins", ".__builtins__")):
                return named(key)
            if name in ("globals()", "locals()", "vars()", "__builtins__", "builtins.__dict__", "__dict__"):
                return scope.find(key) or named(key)
        return None

    def index(self, node: ast.expr, scope: Scope) -> Any:
        if isinstance(node, ast.Slice):
            ends = [
                None if end is None else self.value(end, scope).const for end in (node.lower, node.upper, node.step)
            ]
            return slice(*(end if isinstance(end, int) and end else None for end in ends))
        return self.value(node, scope).const

    def of_UnaryOp(self, node: ast.UnaryOp, scope: Scope) -> Value:  # noqa: N802
        inner = self.value(node.operand, scope)
        if isinstance(node.op, ast.USub) and isinstance(inner.const, int):
            return constant(-inner.const, inner.hidden)
        return mixed(inner)

    def of_BinOp(self, node: ast.BinOp, scope: Scope) -> Value:  # noqa: N802
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        if isinstance(node.op, ast.Add):
            return added(left, right)
        if isinstance(node.op, ast.Mod) and isinstance(left.const, str):
            return formatted(left, right)
        if isinstance(node.op, ast.Mult):
            return times(left, right)
        if isinstance(node.op, ast.BitXor):
            a, b = left.const, right.const
            known = isinstance(a, int) and isinstance(b, int)
            return constant(a ^ b, True) if known else mixed(left, right)._replace(hidden=True)
        if isinstance(node.op, ast.Sub) and isinstance(left.const, int) and isinstance(right.const, int):
            return constant(left.const - right.const, left.hidden or right.hidden)
        if isinstance(node.op, ast.Div):  # pathlib joins so
            return mixed(left, right)._replace(names=left.names)
        return mixed(left, right)

    def of_BoolOp(self, node: ast.BoolOp, scope: Scope) -> Value:  # noqa: N802
        made = NOTHING
        for part in node.values:
            made = either(made, self.value(part, scope))
        return made

    def of_IfExp(self, node: ast.IfExp, scope: Scope) -> Value:  # noqa: N802
        self.value(node.test, scope)
        return either(self.value(node.body, scope), self.value(node.orelse, scope))

    def of_NamedExpr(self, node: ast.NamedExpr, scope: Scope) -> Value:  # noqa: N802
        value = self.value(node.value, scope)
        self.assign(node.target, value, scope)
        return value

    def of_JoinedStr(self, node: ast.JoinedStr, scope: Scope) -> Value:  # noqa: N802
        made = constant("")
        for part in node.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            value = self.value(inner, scope) if isinstance(inner, ast.expr) else NOTHING
            made = added(made, value if isinstance(value.const, str) else value._replace(const=None))
        return made

    def of_List(self, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Value:  # noqa: N802
        items = tuple(self.value(part, scope) for part in node.elts)
        texts = tuple(text for item in items[:64] for text in item.words)[:TEXTS]
        hidden, read = any(item.hidden for item in items), any(item.read for item in items)
        return Value(const=[item.const for item in items], hidden=hidden, read=read, texts=texts, items=items)

    of_Tuple = of_Set = of_List  # noqa: N815

    def of_Dict(self, node: ast.Dict, scope: Scope) -> Value:  # noqa: N802
        keys = [self.value(key, scope).const if key is not None else None for key in node.keys]
        items = tuple(self.value(part, scope) for part in node.values)
        known = {key: one.const for key, one in zip(keys, items) if isinstance(key, str) and isinstance(one.const, str)}
        return mixed(*items[:64])._replace(items=items, const=known if 0 < len(known) == len(items) < 64 else None)

    def of_Lambda(self, node: ast.Lambda, scope: Scope) -> Value:  # noqa: N802
        local = Local(node, scope)
        self.later.append(local)
        return Value(local=(local,))

    def of_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, scope: Scope) -> Value:  # noqa: N802
        inner = Scope(scope)
        first = node.generators[0]
        values = self.value(first.iter, scope)
        known = values.const if isinstance(values.const, list | str | bytes) else None
        if known is not None and len(node.generators) == 1 and not first.ifs and len(known) <= MOST:
            made = []
            for one in known:
                self.assign(first.target, constant(one, values.hidden), inner)
                made.append(self.value(node.elt, inner))
            hidden = any(one.hidden for one in made)
            return Value(const=[one.const for one in made], hidden=hidden, items=tuple(made[:16]))
        for generator in node.generators:
            source = self.value(generator.iter, inner)
            self.assign(generator.target, source._replace(const=None, items=()), inner)
            for test in generator.ifs:
                self.value(test, inner)
        return self.value(node.elt, inner)._replace(const=None, items=())

    of_SetComp = of_GeneratorExp = of_ListComp  # noqa: N815

    def of_DictComp(self, node: ast.DictComp, scope: Scope) -> Value:  # noqa: N802
        inner = Scope(scope)
        for generator in node.generators:
            self.assign(generator.target, self.value(generator.iter, inner)._replace(const=None, items=()), inner)
        return mixed(self.value(node.key, inner), self.value(node.value, inner))

    def of_Await(self, node: ast.Await, scope: Scope) -> Value:  # noqa: N802
        return self.value(node.value, scope)

    of_Starred = of_FormattedValue = of_Await  # noqa: N815

    def of_Call(self, node: ast.Call, scope: Scope) -> Value:  # noqa: N802
        base = self.value(node.func.value, scope) if isinstance(node.func, ast.Attribute) else None
        arguments = [self.value(argument, scope) for argument in node.args]
        arguments += [self.value(keyword.value, scope) for keyword in node.keywords]
        if base is not None and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if not base.names and (made := folding.method(base, name, arguments)) is not None:
                return made
            key = arguments[0].const if arguments and name in BY_KEY else None
            if isinstance(key, str) and (found := self.by_key(base, key, scope)) is not None:
                return found
            if base.items and name in OUT_OF:
                return members(base)._replace(items=base.items)
            callee = self.attribute(base, name, node)
            if not callee.names and not callee.local:
                return mixed(base, *arguments)._replace(hidden=base.hidden or name in folding.UNDO)
        else:
            callee = self.name(node.func, scope) if isinstance(node.func, ast.Name) else self.value(node.func, scope)
        return self.call(callee, arguments, node, scope)


def members(base: Value) -> Value:
    """Whichever of the functions that lie in a list or a dictionary."""
    inside = NOTHING
    for item in base.items[:16]:
        deeper = item if item.names or item.local else members(item) if item.items else NOTHING
        inside = either(inside, deeper)
    return inside


def is_property(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", ())
    return any(isinstance(one, ast.Name | ast.Attribute) and "property" in ast.unparse(one) for one in decorators)
