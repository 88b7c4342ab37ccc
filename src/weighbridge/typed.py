"""The words of `typing` at a start's price: `typing` itself, and what it compiles, were a third of every start.

A type checker is shown the real ones. All but `NamedTuple` are nothing where a program runs, so a module that uses them
begins with `from __future__ import annotations`.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import IO as IO
    from typing import Any as Any
    from typing import Generic as Generic
    from typing import NamedTuple as NamedTuple
    from typing import NoReturn as NoReturn
    from typing import Protocol as Protocol
    from typing import TypeAlias as TypeAlias
    from typing import TypeGuard as TypeGuard
    from typing import TypeVar as TypeVar
else:
    from collections import _tuplegetter
    from types import FunctionType

    made = tuple.__new__

    # What makes a tuple of that many fields. Each class has a copy with its own fields' names, so that nothing is
    # compiled: `collections.namedtuple` compiles such a line for each class, which costs ten times as much.
    MAKERS = (
        lambda _: made(_, ()),
        lambda _, a: made(_, (a,)),
        lambda _, a, b: made(_, (a, b)),
        lambda _, a, b, c: made(_, (a, b, c)),
        lambda _, a, b, c, d: made(_, (a, b, c, d)),
        lambda _, a, b, c, d, e: made(_, (a, b, c, d, e)),
        lambda _, a, b, c, d, e, f: made(_, (a, b, c, d, e, f)),
        lambda _, a, b, c, d, e, f, g: made(_, (a, b, c, d, e, f, g)),
        lambda _, a, b, c, d, e, f, g, h: made(_, (a, b, c, d, e, f, g, h)),
        lambda _, a, b, c, d, e, f, g, h, i: made(_, (a, b, c, d, e, f, g, h, i)),
        lambda _, a, b, c, d, e, f, g, h, i, j: made(_, (a, b, c, d, e, f, g, h, i, j)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k: made(_, (a, b, c, d, e, f, g, h, i, j, k)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m: made(_, (a, b, c, d, e, f, g, h, i, j, k, m)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n: made(_, (a, b, c, d, e, f, g, h, i, j, k, m, n)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o: made(_, (a, b, c, d, e, f, g, h, i, j, k, m, n, o)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p: made(_, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q: made(
            _, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q)
        ),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r: made(
            _, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r)
        ),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s: made(
            _, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s)
        ),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t: made(
            _, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t)
        ),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u: made(
            _, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u)
        ),
    )

    class Named(tuple):
        """What every named tuple can do, as `typing.NamedTuple` promises it."""

        __slots__ = ()

        def __repr__(self):
            told = ", ".join(f"{field}={value!r}" for field, value in zip(self._fields, self))
            return f"{type(self).__name__}({told})"

        def __getnewargs__(self):
            return tuple(self)

        @classmethod
        def _make(cls, values):
            return cls(*values)

        def _asdict(self):
            return dict(zip(self._fields, self))

        def _replace(self, /, **changes):
            return type(self)(**(self._asdict() | changes))

        __replace__ = _replace

    class Naming(type):
        """Makes the class that a body of fields describes."""

        def __new__(kind, name, bases, body):
            if not bases:
                return type.__new__(kind, name, bases, body)
            fields = tuple(body["__annotations__"])
            defaults = tuple(body[field] for field in fields if field in body)
            for place, field in enumerate(fields):
                body[field] = _tuplegetter(place, field)
            code = MAKERS[len(fields)].__code__.replace(
                co_varnames=("_", *fields), co_name="__new__", co_qualname=f"{name}.__new__"
            )
            body["__new__"] = FunctionType(code, globals(), "__new__", defaults)
            body["__slots__"] = ()
            body["_fields"] = body["__match_args__"] = fields
            return type(name, (Named,), body)

    class NamedTuple(metaclass=Naming):
        """A tuple whose places have names: the fields of the class's body, in order."""

    class Nothing:
        """Stands for a type, whatever it is given."""

        def __class_getitem__(cls, _):
            return cls

    IO = Any = Generic = NoReturn = Protocol = TypeAlias = TypeGuard = Nothing

    def TypeVar(name, **_):  # noqa: N802
        return name
