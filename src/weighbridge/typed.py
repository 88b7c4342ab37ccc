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

    made = tuple.__new__

    class Named(tuple):
        """What every named tuple can do, as `typing.NamedTuple` promises it. Nothing is compiled for a class."""

        __slots__ = ()
        _fields, _defaults, _field_defaults = (), (), {}

        def __new__(cls, /, *values, **named):
            if named or len(values) != len(cls._fields):
                values = cls._filled(values, named)
            return made(cls, values)

        @classmethod
        def _filled(cls, values, named):
            missing = len(cls._fields) - len(values)
            if not named and 0 < missing <= len(cls._defaults):
                return values + cls._defaults[-missing:]
            given = dict(zip(cls._fields, values))
            whole = cls._field_defaults | given | named
            if missing < 0 or not given.keys().isdisjoint(named) or whole.keys() != set(cls._fields):
                raise TypeError(f"{cls.__name__}() takes {', '.join(cls._fields)}")
            return [whole[field] for field in cls._fields]

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
            changed = made(type(self), map(changes.pop, self._fields, self))
            if changes:
                raise TypeError(f"{type(self).__name__} has no {', '.join(changes)}")
            return changed

        __replace__ = _replace

    class Naming(type):
        """Makes the class that a body of fields describes."""

        def __new__(kind, name, bases, body):
            if not bases:
                return type.__new__(kind, name, bases, body)
            fields = tuple(body["__annotations__"])
            body["_field_defaults"] = {field: body[field] for field in fields if field in body}
            body["_defaults"] = tuple(body["_field_defaults"].values())
            for place, field in enumerate(fields):
                body[field] = _tuplegetter(place, field)
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
