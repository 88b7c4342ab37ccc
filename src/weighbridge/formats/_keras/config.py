"""A walk over a Keras configuration: every object in it, also those that a repeated key would hide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weighbridge.artifact.blob import Blob, Location
from weighbridge.errors import Exhausted, Malformed
from weighbridge.formats._keras import operators
from weighbridge.formats._keras.functions import Kind, kind_of
from weighbridge.formats._keras.named import judged
from weighbridge.formats._keras.threats import CARRIES, LOADS, NAMES, READS
from weighbridge.policy.finding import Finding

READERS = ("Lookup", "Vectorization", "Tokenizer", "Table", "Preprocessor")  # ends of the names of layers that read
FILES = ("vocabulary", "idf_weights", "merges", "proto", "vocab_file", "filename")
HUBS = ("https://tfhub.dev/", "https://www.kaggle.com/models/", "https://kaggle.com/models/")
LAMBDAS = ("Lambda", "__lambda__")
FUNCTIONS = ("function", "mask", "output_shape", "fn")
DEEPEST = 4_000
SHOWN = 12  # names of a function's bytecode


class Pairs(list[tuple[str, Any]]):
    """An object with all its pairs: a key may be there twice, and readers differ in which they believe."""

    def values(self, key: str) -> Iterator[Any]:
        return (value for name, value in self if name == key)

    def texts(self, key: str) -> Iterator[str]:
        return (value for value in self.values(key) if isinstance(value, str))


def decoded(blob: Blob, data: bytes) -> Any:
    """The JSON text as lists and `Pairs`."""
    from json import JSONDecodeError, JSONDecoder

    try:
        wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        return JSONDecoder(object_pairs_hook=Pairs).decode(data.decode("utf-16" if wide else "utf-8-sig"))
    except JSONDecodeError as error:
        raise Malformed(f"is no JSON: {error.msg}", error.pos) from None
    except ValueError as error:
        raise Malformed(f"is no JSON: {type(error).__name__}", 0) from None
    except RecursionError:
        raise Exhausted("nests deeper than a JSON parser follows", 0) from None


def walk(blob: Blob, data: bytes) -> Iterator[Finding | Blob]:
    """What every object of the configuration says of itself."""
    pending: list[tuple[Any, int]] = [(decoded(blob, data), 0)]
    while pending:
        value, depth = pending.pop()
        if depth > DEEPEST:
            raise Exhausted(f"nests more than {DEEPEST} deep", 0)
        if isinstance(value, Pairs):
            yield from weighed(blob, data, value)
            inner: list[Any] = [one for _, one in value]
        elif isinstance(value, list):
            inner = value
        else:
            if isinstance(value, str) and "class_name" in value and value.lstrip()[:1] in ("{", "["):
                yield blob.inside("config", value.encode("utf-8", "replace"), loader="keras")
            continue
        blob.limits.spend("opcodes", len(inner) + 1)
        pending += [(one, depth + 1) for one in reversed(inner) if isinstance(one, (list, str))]


def weighed(blob: Blob, data: bytes, given: Pairs) -> Iterator[Finding | Blob]:
    """One object. Which of its names counts depends on the loader, and on what is registered there."""
    for name in given.texts("class_name"):
        at = blob.at(max(data.find(name.encode("utf-8", "replace")), 0))
        configs = [config for config in given.values("config") if isinstance(config, Pairs)]
        for short in dict.fromkeys(one.rpartition(">")[2] for one in (name, *given.texts("registered_name"))):
            yield from acting(blob, data, at, short, configs or [given])
        modules = [module for module in given.values("module") if module is None or isinstance(module, str)]
        for module in modules or [None]:
            yield from judged(at, module, name, given)
    for kind in ("function_type", "output_shape_type", "mask_type"):
        if "lambda" in given.texts(kind) and not any(True for _ in given.texts("class_name")):
            yield from of_lambda(blob, data, given)


def acting(blob: Blob, data: bytes, at: Location, short: str, configs: list[Pairs]) -> Iterator[Finding | Blob]:
    """A layer that carries code, reads or loads."""
    if short == "TorchModuleWrapper":
        yield LOADS.found(at, "TorchModuleWrapper unpickles a torch module")
        yield from pickled(blob, configs)
    for config in configs:
        if short in LAMBDAS:
            yield from of_lambda(blob, data, config)
        elif short in operators.KINDS:
            yield from operators.judged(at, short, config)
        elif short.endswith(READERS):
            yield from reading(at, short, config)
        elif short == "TFSMLayer":
            for path in config.texts("filepath"):
                yield LOADS.found(at, f"TFSMLayer loads the model at {path[:200]!a}", evidence=path[:200])
        elif short == "KerasLayer":
            for path in config.texts("handle"):
                if not path.startswith(HUBS):
                    yield LOADS.found(at, f"KerasLayer loads the model at {path[:200]!a}", evidence=path[:200])


def reading(at: Location, short: str, config: Pairs) -> Iterator[Finding]:
    """Vocabularies that are paths."""
    for key in FILES:
        for path in config.texts(key):
            if not is_written_out(path):
                yield READS.found(at, f"{short[:100]} reads its {key} from {path[:200]!a}", evidence=path[:200])


def is_written_out(text: str) -> bool:
    """Whether a text is the thing itself (a SentencePiece model in base64), and no path to it."""
    return len(text) > 512 and "." not in text


def of_lambda(blob: Blob, data: bytes, config: Pairs) -> Iterator[Finding]:
    """The function of a Lambda layer: bytecode, or a name."""
    codes = [code for key in FUNCTIONS for value in config.values(key) for code in bytecodes(value)]
    codes += config.texts("code")
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


def named_in(code: str) -> list[str]:
    """Names and texts in a function's bytecode, those that say most first."""
    from binascii import Error, a2b_base64

    from weighbridge.readers.marshal import texts

    try:
        found = list(texts(a2b_base64(code)))
    except (Error, ValueError):
        return []
    plain = [text for text in found if text not in ("<lambda>", "<module>") and not text.startswith(("/", "C:"))]
    return sorted(plain, key=lambda text: not text.isidentifier())


def pickled(blob: Blob, configs: list[Pairs]) -> Iterator[Blob]:
    """The torch module of a wrapper, as the pickle that it is."""
    from binascii import Error, a2b_base64

    for config in configs:
        for module in config.values("module"):
            inner = module.texts("config") if isinstance(module, Pairs) else [module] if isinstance(module, str) else ()
            for text in inner:
                try:
                    yield blob.inside("module", a2b_base64(text), loader="pytorch")
                except (Error, ValueError):
                    continue
