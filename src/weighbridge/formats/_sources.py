"""Python source that comes with a model: what in it no model has a use for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from weighbridge.artifact.blob import Location
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.readers.pythontext import Mention

PROGRAMS = frozenset(
    """os.system os.popen os.startfile os.fork os.forkpty os.posix_spawn os.posix_spawnp posix.system nt.system
    pty.spawn pty.fork commands.getoutput commands.getstatusoutput popen2.popen2 ctypes.CDLL ctypes.WinDLL
    ctypes.PyDLL ctypes.cdll _ctypes.dlopen asyncio.create_subprocess_shell asyncio.create_subprocess_exec
    code.interact runpy.run_path runpy.run_module marshal.loads os.* subprocess.* pty.* posix.*""".split()
)
FAMILIES = ("subprocess.", "os.exec", "os.spawn", "_posixsubprocess.")
EVALUATORS = frozenset("eval exec compile builtins.eval builtins.exec __builtins__.eval __builtins__.exec".split())

BYTECODE = Threat(
    "PY-403",
    "Python bytecode among a model's files",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=506,
    what="Compiled Python runs when it is imported, and cannot be read in review: what its source says need not be "
    "what it does.",
    remedy="Ship the source, or install it as a package; keep __pycache__ out of models.",
    approvable=True,
)
RUNS_PROGRAM = Threat(
    "PY-401",
    "Python source that comes with the model runs a program",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=78,
    what="Loading the package imports its source. A model needs no shell, no other process, no foreign library.",
    remedy="Take the call out, or the model from another place.",
    approvable=True,
)
DECODES = Threat(
    "PY-402",
    "Python source evaluates what it decodes",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=506,
    what="Source that is hidden from its reader (base64, compression, marshal, numbers for letters) and then run.",
    remedy="Write the source as what it is.",
)


@cache
def decoding() -> re.Pattern[str]:
    return re.compile(
        r"b64decode|b32decode|b85decode|a85decode|decodebytes|fromhex|unhexlify|decompress|marshal|codecs\s*\.\s*decode"
        r"|__import__|urlopen|requests\s*\.|chr\s*\("
    )


def weighed(where: Location, text: str, reached: Iterable[Mention]) -> Iterator[Finding]:
    """What a source would run, by the names that it reaches."""
    told: set[str] = set()
    for mention in reached:
        if mention.name in told:
            continue
        at = where._replace(offset=len(text[: mention.at].encode("utf-8", "replace")))
        line = text[mention.at :].partition("\n")[0][:200]
        if mention.name in PROGRAMS or mention.name.startswith(FAMILIES):
            told.add(mention.name)
            yield RUNS_PROGRAM.found(at, f"reaches {mention.name}", callable=mention.name, evidence=line)
        elif evaluates_hidden(mention, text):
            yield DECODES.found(at, f"{mention.name} of what is decoded first", callable=mention.name, evidence=line)


def evaluates_hidden(mention: Mention, text: str) -> bool:
    return mention.called and mention.name in EVALUATORS and bool(decoding().search(text, mention.at, mention.at + 400))
