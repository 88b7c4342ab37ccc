"""XML: PMML, OpenVINO, cascades and other forms. Entities read files and addresses, or grow without measure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob, Location
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import RUNTIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS

OUTWARD = Threat(
    "XML-401",
    "XML reads a file or an address",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=611,
    what="An external entity or an inclusion names a file or an address: a parser that follows it opens them on the "
    "machine that loads the model, and puts what it finds into the model.",
    remedy="Take the declaration out; parse without external entities.",
)
GROWS = Threat(
    "XML-402",
    "XML entities stand for more than they hold",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=776,
    what="Entities are made of entities: a few lines stand for more text than any memory holds.",
    remedy="Write out what is meant.",
)
FOREIGN = Threat(
    "XML-403",
    "XML names a document type elsewhere",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="The document type is told to lie at an address; a parser that validates opens it.",
    remedy="Take the declaration out where nobody validates.",
)
SCRIPT = Threat(
    "XML-404",
    "PMML carries a script, or calls a class by its name",
    RUNTIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=94,
    what="An extension holds a script in another language, or a function is a class of Java that the evaluator looks "
    "for by its name: who evaluates the model may run it.",
    remedy="Take the extension out; write the function with PMML's own.",
    approvable=True,
)
OBJECTS = Threat(
    "XML-405",
    "XML builds objects of Java that act",
    RUNTIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=502,
    what="Java's XMLDecoder, XStream and their kin make of each element an object of the class that it names, and call "
    "its methods. The classes here start programs, look names up elsewhere, or hand calls on.",
    remedy="Do not decode the file. Take the model from where it was trained, in a form that holds numbers.",
)
THREATS = (OUTWARD, GROWS, FOREIGN, SCRIPT, OBJECTS)
LONGEST = 8 << 20  # bytes in which declarations and inclusions are looked for
MOST = 100_000  # characters that entities may stand for
BEGINNINGS = (
    "<?xml", "<pmml", "<net", "<opencv_storage", "<!doctype", "<model", "<!entity", "<java ", "<java>", "<xsl:",
    "<sorted-set", "<tree-map", "<dynamic-proxy",
)  # fmt: skip
MAINFRAME = b"\x4c\x6f\xa7\x94"  # `<?xml` in EBCDIC, which parsers know it by
FIRST = b"<\xef\xfe\xff \t\r\n" + MAINFRAME[:1]


def letters(data: bytes) -> str:
    """As text, in whichever of the usual encodings."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:4] in (b"<\0?\0", b"\0<\0?"):
        wide = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le" if data[:1] == b"<" else "utf-16-be"
        return data.decode(wide, "replace")
    if data[:4] == MAINFRAME:
        return data.decode("cp037", "replace")
    return data.decode(stated(data), "replace")


def stated(data: bytes) -> str:
    """The encoding that the declaration names, where it spells letters otherwise than ASCII does; UTF-8 for others."""
    named = re.match(rb"\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.-]{1,30})", data[:400])
    name = named[1].decode("ascii").lower().replace("_", "-") if named else ""
    return "utf-7" if name in ("utf-7", "utf7", "unicode-1-1-utf-7", "csunicode11utf7") else "utf-8-sig"


def probe(head: bytes, blob: Blob) -> bool:
    text = letters(head[:512]).lstrip().lower()
    return text.startswith(BEGINNINGS) and not text.startswith("<!doctype html")


@cache
def entities() -> re.Pattern[str]:
    """A declaration: `%` of a parameter, a name, then an identifier elsewhere or a value."""
    return re.compile(
        r"""<!ENTITY\s+(%\s+)?([\w:.-]+)\s+(?:(SYSTEM|PUBLIC)\s+(.{0,300}?)>|"([^"]{0,20000})"|'([^']{0,20000})')""",
        re.DOTALL,
    )


@cache
def scripts() -> re.Pattern[str]:
    """An element or an extension that is a script; a function that is a class; code in an extension's value."""
    return re.compile(
        r"<(?:[\w-]+:)?script\b[^>]{0,300}|<Extension\b[^>]{0,500}?\b(?:name|extender)\s*=\s*[\"'](?:[\w.-]*[.:_-])?script[\"'][^>]{0,500}"
        r"|<Apply\b[^>]{0,200}?\bfunction\s*=\s*[\"']((?:java|javax|jdk|sun|com\.sun|org\.codehaus\.groovy|groovy|javassist)\.[\w.$]+)"
        r"|<Extension\b[^>]{0,500}?\bvalue\s*=\s*[\"'][^\"'>]{0,300}(?:os\.system|Runtime\.|ProcessBuilder|subprocess|__import__|eval\()"
        r"|Runtime\.getRuntime\(\)|new\s+ProcessBuilder\b",
        re.IGNORECASE,
    )


@cache
def objects() -> re.Pattern[str]:
    """A class of Java that acts, as an element, an attribute or a text; and the proxies of XStream."""
    return re.compile(
        r"<(?:[\w-]+:)?dynamic-proxy\b|\bjava\.lang\.(?:ProcessBuilder|Runtime|reflect)\b|\bjava\.beans\.EventHandler\b"
        r"|\bjavax\.(?:naming|script|imageio\.ImageIO\$)|\bjava\.(?:rmi|net\.URLClassLoader)\b"
        r"|\b(?:com\.sun\.(?:rowset|org\.apache)|org\.apache\.(?:commons\.collections\d?\.functors|xalan|bcel))\b"
        r"|\borg\.codehaus\.groovy\.runtime\b|\bbsh\.Interpreter\b"
    )


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Declarations of entities, inclusions, and where the document type lies; nothing is expanded."""
    size = min(len(blob), LONGEST)
    blob.limits.spend("parsed", size)
    text = letters(blob.read(0, size))
    values: dict[str, str] = {}
    for match in entities().finditer(text):
        if match[3]:
            where = match[4].strip()[:200]
            yield OUTWARD.found(at(blob, text, match.start()), f"the entity {match[2]} is {where!a}", evidence=where)
        else:
            values[match[2]] = match[5] or match[6] or ""
    if (length := longest(values)) > MOST:
        yield GROWS.found(blob.at(), f"entities stand for {length} characters")
    for match in re.finditer(r"<(?:\w+:)?include\s[^>]{0,500}?href\s*=\s*[\"']([^\"']{1,300})", text):
        if "XInclude" in text:
            said = match[1][:200]
            yield OUTWARD.found(at(blob, text, match.start()), f"includes {said!a}", evidence=said)
    if "pmml" in text[:4096].lower():
        for match in list(scripts().finditer(text))[:20]:
            said = " ".join(match[0].split())[:200]
            name = f"pmml.{match[1] or 'script'}"
            yield SCRIPT.found(at(blob, text, match.start()), f"reads {said[:120]!a}", callable=name, evidence=said)
    elif (found := objects().search(text)) and is_decoded(text):
        yield OBJECTS.found(at(blob, text, found.start()), f"names {found[0]!a}", evidence=found[0])
    if "\0" in text or "\ufffd" in text or re.search(r"[\x01-\x08\x0e-\x1f\x80-\x9f]", text):
        from weighbridge.formats._pickles.swept import swept

        yield from swept(blob.part(0, size))  # what stands behind the last element, or between, is no text
    outside = re.search(r"<!DOCTYPE\s+[\w:.-]+\s+(?:SYSTEM|PUBLIC)\s+([^>\[]{0,300})", text)
    if outside:
        yield FOREIGN.found(at(blob, text, outside.start()), f"its type lies at {outside[1].strip()[:200]!a}")


def is_decoded(text: str) -> bool:
    """Would Java make objects of it: by XMLDecoder's words, or by the elements that XStream writes?"""
    words = r"<(?:java|object|void|map|entry|target|handler|[\w-]+set|[\w-]+-map|dynamic-proxy)\b"
    return re.search(words, text) is not None


def longest(values: dict[str, str]) -> int:
    """The most characters that an entity stands for, counted and never written out."""
    sizes: dict[str, int] = {}

    def size(name: str, depth: int) -> int:
        if depth > 60:
            return MOST + 1  # entities that hold themselves
        if name not in sizes:
            value = values.get(name, "")
            inner = re.findall(r"[&%]([\w:.-]+);", value)[:2000]
            sizes[name] = len(value) + sum(size(one, depth + 1) for one in inner if one in values)
        return sizes[name]

    return max((size(name, 0) for name in list(values)[:2000]), default=0)


def at(blob: Blob, text: str, place: int) -> Location:
    """Where in the bytes a character stands."""
    return blob.at(len(text[:place].encode("utf-8", "replace")))


FORMAT = Format(
    "xml",
    inspect,
    probe=probe,
    suffixes=(".pmml", ".xml", ".xsl", ".xslt"),
    title="XML (PMML, OpenVINO, cascades)",
    first=FIRST,
    approvable=True,
)
