"""A walk over a Keras configuration: every object in it, also those that a repeated key would hide."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob, Location
from weighbridge.errors import Exhausted
from weighbridge.formats._keras import operators
from weighbridge.formats._keras.bytecode import of_lambda
from weighbridge.formats._keras.named import judged
from weighbridge.formats._keras.pairs import Pairs, decoded
from weighbridge.formats._keras.threats import LOADS, READS
from weighbridge.policy.finding import Finding
from weighbridge.typed import Any

READERS = ("Lookup", "Vectorization", "Tokenizer", "Table", "Preprocessor")  # ends of the names of layers that read
FILES = ("vocabulary", "idf_weights", "merges", "proto", "vocab_file", "filename")
HUBS = ("https://tfhub.dev/", "https://www.kaggle.com/models/", "https://kaggle.com/models/")
LAMBDAS = ("Lambda", "__lambda__")
DEEPEST = 4_000


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
