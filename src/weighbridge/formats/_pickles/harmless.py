"""Arguments of which no deed could be made: numbers, words, what holds them, and things of the callee's own package."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from weighbridge.formats._pickles.measures import is_type
from weighbridge.formats._pickles.names import INSTANCES, Name, class_of, name_of
from weighbridge.formats._pickles.texts import (
    is_acting,
    is_address,
    is_attack,
    is_binary,
    is_order,
    is_place,
    is_plain,
    is_word,
)
from weighbridge.picklevm.values import Container, Global, Made, Payload, PersistentId, Value
from weighbridge.policy.callables import Effect

LOOKED_AT = 1500  # values among the arguments that are looked at
Parts = Sequence[Value] | None
SHORT = 16  # bytes that no pickle, no code and no command fits into
DTYPE = Name("numpy", "dtype")
REACHING = frozenset(
    "os posix nt subprocess builtins __builtin__ __builtins__ importlib runpy pty shutil ctypes commands".split()
)
DOING = frozenset("system popen Popen eval exec execfile spawn".split())


def is_harmless(value: Value, name: Name) -> bool:
    """Could whoever is called do nothing with it but keep it?"""
    return is_made_of(value, lambda one: parts_kept(one, name))


def is_message(value: Value, name: Name) -> bool:
    """A message of an exception's, or several with what they are about."""

    def parts(one: Value) -> Parts:
        if isinstance(one, str):
            return () if is_prose(one) else None
        if isinstance(one, Container) and one.kind == "dict" and not one.truncated:
            return one.items
        return parts_kept(one, name)

    return is_made_of(value, parts)


def is_made_of(value: Value, parts: Callable[[Value], Parts]) -> bool:
    """Is all that a value is made of such that `parts` tells what it is made of?"""
    pending, seen = [value], set[int]()
    for _ in range(LOOKED_AT):
        if not pending:
            return True
        one = pending.pop()
        if id(one) not in seen:
            found = parts(one)
            if found is None:
                return False
            seen.add(id(one))
            pending.extend(found)
    return False


def parts_kept(value: Value, name: Name) -> Parts:
    """What a value is made of, that is harmless if they are; None where it is not, whatever they are."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, Container):
        return parts_of_container(value)
    if isinstance(value, Made) and not is_state_like(value):
        return parts_of_made(value, name)
    return () if is_harmless_alone(value, name) else None


def is_harmless_alone(value: Value, name: Name) -> bool:
    if value is None or isinstance(value, (int, float)):
        return True
    if isinstance(value, str):
        return is_harmless_text(value)
    if isinstance(value, Global):
        return is_harmless_name(name_of(value), name)
    if isinstance(value, bytes):
        printed = PRINTED(value)
        return is_harmless_text(value.decode("ascii")) if printed else is_binary(value) or is_short(value)
    if isinstance(value, PersistentId):  # torch's: a class, or the numbers of a tensor
        stored = isinstance(value.id, tuple) and value.id[:1] == ("storage",)
        return stored or is_harmless_name(name_of(value), name)
    return is_state_like(value)


def is_harmless_text(text: str) -> bool:
    """A word or a few: no command, place or code, no option of a program, nothing that Python keeps to itself."""
    if MARK(text):
        return True
    return (
        (is_plain(text) or (SLASHED(text) is not None and not is_acting(text)))
        and not is_order(text)
        and not is_place(text)
        and text[:1] != "-"
        and not (text[:2] == text[-2:] == "__")
        and text not in REACHING
        and text not in DOING
        and sum_of()(text) is None
    )


PRINTED = re.compile(rb"[\t\n -~]*").fullmatch
SLASHED = re.compile(
    r"\w[\w+-]*(?:\.\d+)*(?:/\w[\w+-]*(?:\.\d+)*){1,4}"
).fullmatch  # "km/h", "group/name", "text/plain"
MARK = re.compile(r"(?![./~]+$)[^\w\s]{1,3}").fullmatch  # a quote, an operator: no place, and no whole command


@cache
def sum_of() -> Callable[[str], object]:
    """Sums and calls: Python that is evaluated, and no number, date or unit."""
    return re.compile(r"[\w.]+\s*[+*/%]\s*[\w.]+|[a-z_][\w.]*\(.*", re.DOTALL).fullmatch


def parts_of_container(value: Container) -> Parts:
    if value.truncated:
        return () if value.plain and all(isinstance(one, (int, float)) for one in value.items) else None
    if value.kind == "dict" and not all(map(is_keyed, value.items)):
        return None
    return value.items


def is_keyed(pair: Value) -> bool:
    """A value by its key: a text may be a setting, with which something is reached or started."""
    if not isinstance(pair, tuple) or len(pair) != 2:
        return False
    key, value = pair
    return not isinstance(value, str) or (is_word(value) and isinstance(key, str) and not setting()(key))


@cache
def setting() -> Callable[[str], object]:
    """How settings are called by which something is reached, loaded or started; none is of one letter."""
    return re.compile(
        r"host|server|ur[il]|addr|port|broker|endpoint|dsn|proxy|socket|path|file|dir|folder|plugin|librar|module|package"
        r"|class|func|call|target|factory|hook|handler|cmd|command|exec|run|eval|script|code|program|shell|expr|import|load"
        r"|entry|name_or|backend|driver|engine|user|pass|token|key|cert|env|arg|opt|param|\.|^.?$|^_",
        re.IGNORECASE,
    ).search


def is_harmless_name(given: Name | None, name: Name) -> bool:
    """Is it a class that is known to be inert, or of the package whose callable is called?"""
    if given is None:
        return False
    return given.effect <= Effect.REBUILT or (given.package == name.package and (given.is_class or is_type(given)))


def parts_of_made(value: Made, name: Name) -> Parts:
    """An instance of such a class. What another call makes is judged where it is made; what is inert, by its texts."""
    if value.how in INSTANCES:
        return () if is_harmless_name(class_of(value), name) else None
    maker = name_of(value.callable)
    if maker is None:
        return None
    if maker.effect is not Effect.CALLED:
        return () if is_harmless_name(class_of(value) or maker, name) else None
    held = value.stored.items if value.stored else []
    if not all(map(is_keyed, held)):
        return None
    return held if maker == DTYPE else [value.args, *held]


def is_state_like(value: Value) -> bool:
    """Is it an array, bytes that are no text, or the like: what is rebuilt, not what is run?"""
    if is_octets(value):
        return True
    if isinstance(value, Made):
        name = name_of(value.callable)
        return name is not None and name.last in ARRAYS
    return False


def is_octets(value: Value) -> bool:
    """Bytes that are no text, as they are, or as protocols 0 to 2 carry them: encoded as Latin-1."""
    if not isinstance(value, Made):
        return is_binary(value)
    name = name_of(value.callable)
    if name is None or name.last != "encode" or not isinstance(value.args, tuple) or not value.args:
        return False
    text = value.args[0]
    if isinstance(text, Payload):
        return text.kind == "text" and (is_binary(text.head) or b"\\u00" in text.head)
    return isinstance(text, str) and is_binary(text.encode("utf-8", "replace"))


ARRAYS = frozenset(
    "_reconstruct _frombuffer scalar _rebuild_tensor_v2 _rebuild_parameter NumpyArrayWrapper _create_array".split()
)


@cache
def addressing() -> Callable[[str], object]:
    """Classes that are addresses."""
    return re.compile(r"(?:URL|URI|IRI|Url|Uri|Iri)(?:Ref|Reference)?$|Cal_?Address$").search


def is_named_address(name: Name, args: tuple[Value, ...]) -> bool:
    """An address, kept by a class that is called like one."""
    texts = [one for one in args if isinstance(one, str)]
    return bool(texts) and addressing()(name.last) is not None and all(map(is_kept_address, texts))


def is_kept_address(text: str) -> bool:
    return not is_attack(text) and (is_address(text) or mailed()(text) is not None)


@cache
def mailed() -> Callable[[str], object]:
    return re.compile(r"(?:[a-z][a-z0-9+.-]*://|mailto:|urn:|tel:)[^\s;|`$<>]*").fullmatch


def is_path_in_parts(name: Name, args: tuple[Value, ...]) -> bool:
    """`Path("/", "home", "model")`: as pathlib's own are rebuilt. A place that is opened comes in one piece."""
    parts = [one for one in args if isinstance(one, str)]
    return (
        name.last.endswith("Path")
        and len(parts) == len(args) > 1
        and all(part == "/" or re.fullmatch(r"\w[\w. +=@-]*", part) is not None for part in parts)
    )


def is_prose(text: str) -> bool:
    """What somebody is told: no command, code or place by itself."""
    return not (is_attack(text) or is_order(text) or is_place(text) or begun()(text))


@cache
def begun() -> Callable[[str], object]:
    """How a command or code begins."""
    return re.compile(
        r"\s*(?:(?:echo|curl|wget|bash|sh|nc|ncat|rm|cat|chmod|touch|calc|powershell|cmd|python\d?|perl|ping|uname|mkfifo"
        r"|xterm|notepad|sleep|base64|sudo)(?:\.exe)?\s+\S|(?:id|ls|calc)(?:\.exe)?\s*$|(?:eval|exec|print|open|compile)\s*\("
        r"|lambda\b|import\s|__|[\w.]+\s*[+*/]\s*[\w.]+$|(?:/|~/|\.\.?/|[A-Za-z]:\\)\S*$|(?:\d{1,3}\.){3}\d)"
    ).match


def is_short(value: Value) -> bool:
    """Bytes of a date or a number: too few for a deed, and no word among them."""
    if isinstance(value, Made) and is_encoding(value):
        text = value.args[0] if isinstance(value.args, tuple) and value.args else None
        return isinstance(text, str) and is_short(text.encode("latin-1", "replace"))
    data = value if isinstance(value, bytes) else b""
    return 0 < len(data) <= SHORT and re.search(rb"[A-Za-z~/.]{2}", data) is None and data[:1] not in (b"\x80", b"(")


def is_encoding(value: Made) -> bool:
    return isinstance(value.callable, Global) and value.callable.name == "encode"
