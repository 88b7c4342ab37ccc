"""Functions that a Keras configuration carries as marshalled bytecode, or names."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats._keras.functions import Kind, kind_of
from weighbridge.formats._keras.pairs import Pairs
from weighbridge.formats._keras.threats import CARRIES, NAMES
from weighbridge.policy.finding import Finding
from weighbridge.readers.marshal import is_code, texts
from weighbridge.typed import Any

FUNCTIONS = ("function", "mask", "output_shape", "fn")
SHOWN = 12  # names of a function's bytecode


def of_lambda(blob: Blob, data: bytes, config: Pairs) -> Iterator[Finding]:
    """The function of a Lambda layer: bytecode, or a name."""
    codes = [code for key in FUNCTIONS for value in config.values(key) for code in bytecodes(value)]
    codes += config.texts("code")
    codes += [text for text in config.texts("function") if is_code(raw(text))]
    for code in codes:
        at = blob.at(max(data.find(code[:40].encode("ascii", "replace").replace(b"\n", b"\\n")), 0))
        names = named_in(code)
        said = ", ".join(names[:SHOWN])
        yield CARRIES.found(at, f"bytecode that names {said or 'nothing'}", callable="keras.Lambda", evidence=said)
    if codes:
        return
    for name in config.texts("function"):
        at = blob.at(max(data.find(name.encode("utf-8", "replace")), 0))
        if any(kind_of(module, name) is Kind.COMPUTES for module in config.texts("module")):
            continue
        yield NAMES.found(at, f"a Lambda layer calls {name[:200]!a}", callable=name[:200], evidence=name[:200])


def bytecodes(value: Any) -> Iterator[str]:
    """Base64 texts where code is kept: a list's first item, `items` of a tuple, `code` of a `__lambda__`."""
    if isinstance(value, Pairs):
        for key in ("items", "code", "config"):
            for inner in value.values(key):
                yield from [inner] if isinstance(inner, str) and key == "code" else bytecodes(inner)
    elif isinstance(value, list) and value and isinstance(value[0], str):
        yield value[0]


def raw(code: str) -> bytes:
    """The bytes of a code that is kept in base64, or (by the first versions of Keras) as the letters of its bytes."""
    from binascii import Error, a2b_base64

    try:
        data = a2b_base64(code)
    except (Error, ValueError):
        data = b""
    return data if is_code(data) else code.encode("raw_unicode_escape")


def named_in(code: str) -> list[str]:
    """Names and texts in a function's bytecode, those that say most first."""
    found = texts(raw(code))
    plain = [text for text in found if text not in ("<lambda>", "<module>") and not text.startswith(("/", "C:"))]
    return sorted(plain, key=lambda text: not text.isidentifier())
