"""OpenVINO IR: a net as XML, its weights as bare numbers beside it. Layers of no opset are C++ that a library brings.

Layout: https://docs.openvino.ai, "Intermediate Representation and Operation Sets".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import KNOWN_OPERATORS, SUSPICIOUS_COMPONENTS

UNKNOWN = Threat(
    "OVINO-401",
    "OpenVINO net holds a layer of an extension",
    KNOWN_OPERATORS,
    Severity.MEDIUM,
    what="The layer is of none of OpenVINO's operation sets: the program that reads the net has loaded a library that "
    "brings it. What it does, that library knows.",
    remedy="Find out which library brings the layer, and accept it by a waiver.",
)
OVERLAPS = Threat(
    "OVINO-402",
    "OpenVINO net reads weights before the beginning of their file",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=125,
    what="The place of a constant is a negative number, or one that no file has: a reader that does not check it reads "
    "from elsewhere in memory.",
    remedy="Convert the model again.",
)
THREATS = (UNKNOWN, OVERLAPS)
LONGEST = 64 << 20
LARGEST = 1 << 46  # bytes of a file of weights
TOKENIZERS = frozenset(  # of openvino_tokenizers, which comes with OpenVINO's own converters
    """StringTensorPack StringTensorUnpack RaggedTensorPack RaggedToDense RaggedToRagged RaggedToSparse FuzeRagged
    RegexNormalization RegexSplit CaseFold NormalizeUnicode CharsMapNormalization CombineSegments BytesToChars
    CharsToBytes BPETokenizer WordpieceTokenizer UnigramTokenizer TrieTokenizer SentencepieceTokenizer
    SentencepieceDetokenizer SentencepieceStreamDetokenizer VocabDecoder VocabEncoder Truncate EqualStr UTF8Validate
    SpecialTokensSplit StringToHashBucket ByteFallback LookupTableFindV2""".split()
)


@cache
def layers() -> re.Pattern[bytes]:
    return re.compile(rb"<(layer|data)\s((?:[^<>\"']|\"[^\"]{0,65536}\"|'[^']{0,65536}'){0,4096}+)>?")


@cache
def attributes() -> re.Pattern[bytes]:
    return re.compile(rb"([\w:.-]{1,64})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def probe(head: bytes, blob: Blob) -> bool:
    return re.search(rb"<net\s[^>]{0,1000}\b(?:version|name)\s*=", head) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every layer's type and set; every constant's place."""
    if len(blob) > LONGEST:
        raise Exhausted(f"a net of {len(blob)} bytes")
    blob.limits.spend("parsed", len(blob))
    told: set[str] = set()
    for found in layers().finditer(blob.read(0, len(blob))):
        given = {one[1]: one[2] or one[3] or b"" for one in attributes().finditer(found[2])}
        if found[1] == b"data":
            yield from placed(blob, found.start(), given)
        elif (kind := text(given, b"type")) not in told:
            told.add(kind)
            yield from judged(blob, found.start(), kind, text(given, b"version"))


def judged(blob: Blob, at: int, kind: str, version: str) -> Iterator[Finding]:
    """Nets of before 2020 name no set at all; later ones `opset1` and up."""
    theirs = not version or re.fullmatch(r"opset\d{1,3}|experimental|util|ie_internal_opset", version)
    if not theirs and kind not in TOKENIZERS:
        message = f"the layer {kind[:100]!a} is of {version[:50]!a}"
        yield UNKNOWN.found(blob.at(at), message, callable=f"openvino.{kind[:100]}")


def placed(blob: Blob, at: int, given: dict[bytes, bytes]) -> Iterator[Finding]:
    for key in (b"offset", b"size"):
        value = text(given, key).strip()
        if b"element_type" in given and re.fullmatch(r"-?\d{1,40}", value) and not 0 <= int(value) < LARGEST:
            yield OVERLAPS.found(blob.at(at), f"the {key.decode()} of a constant is {value}")


def text(given: dict[bytes, bytes], key: bytes) -> str:
    return given.get(key, b"").decode("utf-8", "replace")


FORMAT = Format("openvino_xml", inspect, probe=probe, refines=("xml",), title="OpenVINO IR (XML)")
