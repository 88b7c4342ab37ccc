"""Objects of a Keras configuration with all their pairs."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted, Malformed
from weighbridge.typed import Any


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
