"""YAML: settings; and, for a loader that follows its tags, calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted, Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from weighbridge.readers.yamltext import Tag

STANDARD = "tag:yaml.org,2002:"  # what `!!` stands for
LONGEST = 32 << 20
MOST = 1_000_000  # values that aliases may stand for
NAMES = (".yaml", ".yml")
DIRECTIVES = (b"%YAML ", b"%TAG ")
TAGGED = (b"python/", b"!!java", b"!ruby/", b"!<tag:", b"!!ruby")
PROSE = (".md", ".rst", ".py", ".html", ".ipynb")  # may show a tag to people; no loader reads them as YAML

CALLS = Threat(
    "YAML-401",
    "YAML tag calls or builds a Python object when it is loaded",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=502,
    what="`yaml.load` with any but the safe loader imports the module that the tag names, and calls what it finds "
    "there with the arguments that follow. A YAML file is then as dangerous as a pickle.",
    remedy="Write the value itself instead of the tag, and load with yaml.safe_load.",
    approvable=True,
)
FOREIGN = Threat(
    "YAML-402",
    "YAML tag builds an object of another language",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=502,
    what="Ruby, Java, PHP and JavaScript loaders build what such a tag names, with the same effect.",
    remedy="Write the value itself instead of the tag.",
)
MULTIPLIES = Threat(
    "YAML-403",
    "YAML aliases multiply without measure",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=776,
    what="Lists of aliases of lists of aliases: a few lines stand for more values than any memory holds.",
    remedy="Write out what is meant.",
)
THREATS = (CALLS, FOREIGN, MULTIPLIES)


@cache
def calling() -> re.Pattern[str]:
    return re.compile(rf"{re.escape(STANDARD)}python/(object/apply|object/new|object|name|module):([\w.]*)")


@cache
def foreign() -> re.Pattern[str]:
    return re.compile(
        rf"(?:!|{re.escape(STANDARD)})(?:ruby/(?:object|struct|class|module)|php/object|js/function|javax?\.|com\.|org\.)"
    )


@cache
def disguised() -> re.Pattern[bytes]:
    """A line that begins with a key and a tag of Python's, whatever the file is called."""
    return re.compile(
        rb"(?m)^[ \t]*(?:-[ \t]+|[\[{][ \t]*|[\w.\"'-]+[ \t]*:[ \t]+)*"
        rb"!(?:(?:!|<tag:yaml\.org,2002:)(?:python/|javax?\.|ruby/)|ruby/(?:object|hash)|<tag:yaml)\w*"
    )


def probe(head: bytes, blob: Blob) -> bool:
    """By its name where it is a text (JSON too is YAML), and by what no other text begins with."""
    path = blob.path.lower()
    if path.endswith(NAMES):
        return blob.start == 0 and is_text(head)
    if path.endswith(PROSE) or not is_text(head):
        return False
    if head.startswith(DIRECTIVES):
        return True
    return any(sign in head for sign in TAGGED) and bool(disguised().search(head))


def is_text(data: bytes) -> bool:
    from weighbridge.readers import text

    return text.is_text(data)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Tags are named with what they call; nothing is built."""
    from weighbridge.readers.text import decoded
    from weighbridge.readers.yamltext import growth, tags

    size = len(blob)
    if size > LONGEST:
        raise Exhausted(f"a YAML file of {size} bytes, where the gate reads {LONGEST}")
    blob.limits.spend("parsed", size)
    data = blob.read(0, size)
    if not is_text(data):
        raise Malformed("is no text", 0)
    text = decoded(data)
    for tag in tags(text):
        yield from judged(blob, text, tag)
    times = growth(text)
    if times > MOST:
        yield MULTIPLIES.found(blob.at(), f"aliases stand for {times} values")


def judged(blob: Blob, text: str, tag: Tag) -> Iterator[Finding]:
    """What a loader would do for one tag."""
    called = calling().match(tag.name)
    if not called and not foreign().match(tag.name):
        return
    at = blob.at(len(text[: tag.at].encode("utf-8", "replace")))
    line = text[tag.at :].partition("\n")[0][:200]
    if called:
        yield CALLS.found(at, f"python/{called[1]} of {called[2]}", callable=called[2], evidence=line)
    else:
        yield FOREIGN.found(at, f"the tag {tag.name[:200]}", evidence=line)


FORMAT = Format(
    "yaml",
    inspect,
    probe=probe,
    suffixes=NAMES,
    title="YAML",
    names=NAMES,
    starts=DIRECTIVES,
    holds=TAGGED,
    text=True,
)
