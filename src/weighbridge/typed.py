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
        _fields = _defaults = ()

        def __new__(cls, /, *values, **named):
            if named or len(values) != len(cls._fields):
                values = cls._filled(values, named)
            return made(cls, values)

        @classmethod
        def _filled(cls, values, named):
            missing = len(cls._fields) - len(values)
            if not named and 0 < missing <= len(cls._defaults):
                return values + cls._defaults[-missing:]
            defaults = dict(zip(reversed(cls._fields), reversed(cls._defaults)))
            later = {field: defaults[field] for field in cls._fields[len(values) :] if field in defaults} | named
            whole = (*values, *[later.pop(field) for field in cls._fields[len(values) :] if field in later])
            if later or len(whole) != len(cls._fields):
                raise TypeError(f"{cls.__name__}() takes {', '.join(cls._fields)}")
            return whole

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
            body["_defaults"] = tuple([body[field] for field in fields if field in body])
            for place, field in enumerate(fields):
                body[field] = _tuplegetter(place, field)
            body["__slots__"] = ()
            body["_fields"] = body["__match_args__"] = fields
            body["_field_defaults"] = dict(zip(fields[len(fields) - len(defaults) :], defaults))
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
