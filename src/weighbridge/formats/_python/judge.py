"""What a source's deeds mean for a model: which no model has a use for, and which are told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache

from weighbridge.formats._python.deeds import LOADED, Deed, Kind
from weighbridge.formats._python.values import Value
from weighbridge.formats._sources import DECODES, RUNS_PROGRAM
from weighbridge.policy.finding import Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, RUNTIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS

CONNECTS = Threat(
    "PY-404",
    "Python source that comes with the model connects to the network when it is imported",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=829,
    what="Before anybody has called anything, the source opens a connection: what it sends or fetches is its own.",
    remedy="Move the call into a function that its user calls, or take it out.",
    approvable=True,
)
LIBRARY = Threat(
    "PY-405",
    "Python source that comes with the model loads machine code when it is imported",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=114,
    what="A library that is loaded by its path (ctypes, torch.ops.load_library) runs its own start before any of its "
    "functions is called, and nothing of it was read.",
    remedy="Install the library as a package that is reviewed as code.",
    approvable=True,
)
STARTUP = Threat(
    "PY-406",
    "Python source that comes with the model writes where programs are started from",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=506,
    what="Shell profiles, authorised keys, timetables, start-up folders and `.pth` files are run by others later on: "
    "who writes there stays after the model has gone.",
    remedy="Do not use the model; look for what it wrote.",
)
HOSTILE = Threat(
    "PY-407",
    "Python source that comes with the model opens a shell to the outside, or sends secrets there",
    RUNTIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=506,
    what="A function joins a shell to a connection, runs what it fetches, or reads keys and passwords of the user and "
    "connects. No use of a model needs one.",
    remedy="Do not use the model.",
)
FROM_FILE = Threat(
    "PY-408",
    "Python source runs a file that is no source",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=94,
    what="On import, text that was read from a file that does not bear the name of a Python source is run as one.",
    remedy="Give the file its name, and import it.",
    approvable=True,
)
LATER = Threat(
    "PY-411",
    "Functions of the model's own source act on the machine when they are called",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="Nothing of it runs on import. Who calls the function runs a program, connects, or evaluates text.",
    remedy="Read the function before you call it.",
)
USES = Threat(
    "PY-413",
    "Using the model runs a program",
    RUNTIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=78,
    what="The source that comes with the model runs a program in a function that every answer of the model passes "
    "through (forward, predict, a handler's call).",
    remedy="Read what is run, and with whose words; approve it by its name if it is sound.",
    approvable=True,
)
REMOVES = Threat(
    "PY-415",
    "Python source that comes with the model removes files that are not its own",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=506,
    what="On import, or when the model is loaded or used, the source removes the folder of a user, or files of the "
    "system.",
    remedy="Do not use the model.",
)
OF_PYTHON = (RUNS_PROGRAM, DECODES, CONNECTS, LIBRARY, STARTUP, HOSTILE, FROM_FILE, LATER, USES, REMOVES)
ASKS = {  # programs that tell of the machine or of a checkout; the words with which they change nothing
    "git": "rev-parse describe log status show rev-list branch diff ls-files --version symbolic-ref",
    "nvidia-smi": "*", "nvcc": "--version -V", "uname": "*", "sw_vers": "*", "lscpu": "*", "sysctl": "-n",
    "which": "*", "where": "*", "hostname": "*", "whoami": "*", "rocminfo": "*", "rocm-smi": "*", "lspci": "*",
    "pkg-config": "*", "ldconfig": "-p", "ver": "*", "free": "*", "nproc": "*",
    "gcc": "--version -v -print-multiarch", "g++": "--version -v", "cc": "--version -v", "ffmpeg": "-version -codecs",
}  # fmt: skip
SHELLS = re.compile(r"(?:^|[\s/\\])(?:ba|z|da|k|c|tc)?sh(?:\.exe)?$|cmd(?:\.exe)?$|powershell|pwsh")


@cache
def startup_places() -> re.Pattern[str]:
    return re.compile(
        r"\.(?:bashrc|bash_profile|bash_login|profile|zshrc|zshenv|zprofile|bash_logout|xinitrc|xsession)$"
        r"|authorized_keys|/etc/(?:cron|profile|ld\.so\.preload|passwd|shadow|sudoers|rc\.local|init\.d|systemd)"
        r"|/var/spool/cron|crontab|\.config/(?:autostart|systemd)|LaunchAgents|LaunchDaemons"
        r"|CurrentVersion.{1,4}Run(?:Once)?\b"
        r"|Start Menu.{1,4}Programs.{1,4}Startup|site-packages.*\.pth\b|(?:site|user)customize\.py|\.git/hooks/"
    )


@cache
def of_others() -> re.Pattern[str]:
    """The whole machine, a folder of users, what the system is made of; no cache and no folder of one's own."""
    return re.compile(
        r"/|(?:/(?:home|Users)(?:/[\w.-]+)?|/root|~)"
        r"(?:/|/(?:Documents|Desktop|Pictures|Downloads|\.ssh|\.gnupg)(?:/.*)?)?"
        r"|/(?:etc|boot|bin|sbin|lib|lib64|usr|opt|srv|dev|sys|proc|var/(?:lib|log|spool))(?:/.*)?"
        r"|[A-Za-z]:[\\/]*(?:(?:Users|Windows|Program Files|ProgramData)\b.*)?",
        re.DOTALL,
    )


@cache
def fetch_and_run() -> re.Pattern[str]:
    return re.compile(
        r"/dev/(?:tcp|udp)/|\b(?:nc|ncat|netcat)\b[^|;\n]{0,80}\s-\w*[ec]\b|\bbash\s+-i\b|mkfifo\s[^\n]{0,80}\bn(?:c|cat)\b"
        r"|\b(?:curl|wget)\b[^\n]{0,300}\|\s*(?:sudo\s+)?(?:ba|z|da)?(?:sh|python\d?)\b"
        r"|\b(?:curl|wget)\b[^\n]{0,300}(?:&&|;)[^\n]{0,200}\b(?:chmod\s+\+?[0-7x]+|(?:ba)?sh\s|python\d?\s|\./)"
        r"|base64\s+(?:-d|--decode)[^\n]{0,80}\|\s*(?:ba|z|da)?sh|powershell[^\n]{0,80}\s-e(?:nc|c)?\w*\s"
        r"|\|\s*crontab\b|\bcrontab\s+-(?!l)|\bschtasks\b[^\n]{0,40}/create|>>?\s*\S*(?:\.bashrc|\.zshrc|\.profile|authorized_keys)"
        r"|IEX\s*\(|DownloadString|certutil[^\n]{0,40}-urlcache|\bmshta\b|\bregsvr32\b|rm\s+-rf?\s+(?:--no-preserve-root\s+)?[/~](?:\s|\*|$)",
        re.I,
    )


def judged(deeds: list[Deed], spawned: set[str], sends: Collection[int] = ()) -> Iterator[tuple[Threat, Deed, str]]:
    """Each deed that is to be told, with the threat that it is and what is said of it."""
    told: set[str] = set()
    for deed in deeds:
        threat, said = threat_of(deed, spawned)
        if threat is LATER and deed.kind is Kind.CONNECTS and deed.line in sends:
            threat, said = HOSTILE, f"{said}, where keys or passwords of the user are read"
        if threat is LATER:
            if deed.name in told or deed.kind in (Kind.WRITES, Kind.UNPICKLES):
                continue
            told.add(deed.name)
        if threat is not None:
            yield threat, deed, said


def threat_of(deed: Deed, spawned: set[str]) -> tuple[Threat | None, str]:
    """What one deed is, whenever it is done; `spawned` are the functions in which a shell meets a connection."""
    where = f" in {deed.inside}" if deed.inside else ""
    when = "on import" if deed.on_import else deed.when or "when it is called"
    said = f"line {deed.line}: {deed.name}{where} {deed.kind.value} {when}"
    if deed.kind is Kind.RUNS and any(fetch_and_run().search(text) for text in command(deed)):
        return (RUNS_PROGRAM if deed.on_import else HOSTILE), said
    if deed.kind is Kind.RUNS and deed.inside in spawned:
        return (RUNS_PROGRAM if deed.on_import else HOSTILE), f"line {deed.line}: {deed.name}{where} serves a shell"
    if deed.kind is Kind.WRITES:
        texts = [*deed.texts, "/".join(deed.texts)]
        starts = writes(deed) and any(startup_places().search(text) for text in texts)
        return (
            (STARTUP, f"line {deed.line}: {deed.name}{where} writes to a place of start-up") if starts else (None, "")
        )
    if deed.kind is Kind.REMOVES:
        removed = (deed.on_import or deed.when) and any(map(of_others().fullmatch, deed.texts))
        return (REMOVES, said) if removed else (None, "")
    if deed.kind is Kind.MAKES:
        return None, ""  # the text is weighed as what it is
    if deed.kind is Kind.EVALUATES:
        return evaluates(deed, said)
    if deed.kind is Kind.REACHES:
        return DECODES, said
    if deed.kind is Kind.UNMARSHALS:
        own = deed.on_import or deed.first.hidden or isinstance(deed.first.const, bytes)
        return (DECODES if own else LATER), said
    if deed.kind is Kind.CLIMBS:
        return (DECODES if deed.on_import else LATER), said
    if deed.kind is Kind.UNPICKLES:
        const = deed.first.const
        fetched = isinstance(const, str) and re.match(r"(?:https?|ftp|s3|gs)://", const) is not None
        return (DECODES, said) if fetched or (deed.first.hidden and const is None) else (None, "")
    if deed.kind is Kind.RUNS and deed.inside in ("__reduce__", "__reduce_ex__", "__getstate__"):
        return RUNS_PROGRAM, f"line {deed.line}: {deed.name} is what a pickle of the class would call"
    if deed.on_import and not asks(deed):
        return {Kind.RUNS: RUNS_PROGRAM, Kind.CONNECTS: CONNECTS, Kind.LIBRARY: LIBRARY}[deed.kind], said
    if deed.when and deed.kind is Kind.RUNS and not asks(deed) and not converts(deed):
        return (RUNS_PROGRAM if deed.when == LOADED else USES), said
    return LATER, said


def converts(deed: Deed) -> bool:
    """Is it one of the programs that turn a sound or a picture into numbers?"""
    words = [word for text in deed.first.words[:1] for word in text.split()[:1]]
    return bool(words) and words[0].rpartition("/")[2].removesuffix(".exe") in CONVERTERS


CONVERTERS = frozenset("ffmpeg ffprobe sox soxi espeak espeak-ng convert magick pdftotext pdftoppm tesseract".split())


def evaluates(deed: Deed, said: str) -> tuple[Threat | None, str]:
    """exec, eval and their kin: of what is hidden, of a file, of a text that was followed, of who knows what."""
    subject = deed.first
    if deed.passed:
        subject = next((value for value in deed.values if value.hidden), subject)
    if subject.hidden:
        return DECODES, f"{said}: text that is hidden from its reader"
    if deed.name.startswith("types."):
        return (DECODES if deed.on_import and deed.name == "types.CodeType" else LATER), said
    if deed.name.startswith("runpy.") and isinstance(subject.const, str):
        strange = deed.name.endswith("run_path") and not subject.const.lower().endswith(".py")
        return (FROM_FILE if strange and deed.on_import else LATER), f"{said}: {subject.const[:80]!a}"
    if deed.name.startswith(LOADERS):
        return loads(deed, said)
    if isinstance(subject.const, str | bytes):
        return None, ""  # its own deeds are told
    if deed.on_import and subject.read and subject.texts and not any(map(is_source, subject.texts)):
        return FROM_FILE, f"{said}: {subject.texts[-1][:80]!a}"
    return LATER, said


LOADERS = ("imp.load_", "importlib.util.spec", "importlib.machinery.Source", "zipimport.")


def loads(deed: Deed, said: str) -> tuple[Threat | None, str]:
    """A module out of a file: the file's own deeds are told, if it is a source by its name."""
    paths = [text for text in deed.texts if re.search(r"[/\\]|\.\w{2,8}$", text) and text != "os.environ"]
    strange = paths and not any(map(is_source, paths))
    return (FROM_FILE if deed.on_import else LATER, f"{said}: {paths[0][:80]!a}") if strange else (None, "")


def is_source(name: str) -> bool:
    """Does a file bear a source's name?"""
    return name.lower().endswith((".py", ".pyi", ".pyw", "version", "__about__"))


def command(deed: Deed) -> list[str]:
    """The words of a command: each constant text, and all of them in a row."""
    return [*deed.texts, " ".join(deed.texts)]


def asks(deed: Deed) -> bool:
    """Does the command only ask the machine or a checkout a question?"""
    if deed.kind is not Kind.RUNS or deed.passed:
        return False
    words = words_of(deed.first)
    if not words:
        return False
    program = words[0].rpartition("/")[2].removesuffix(".exe")
    allowed = ASKS.get(program, "")
    rest = next((word for word in words[1:] if word and not (program == "git" and word in ("-C", "--no-pager"))), "")
    return bool(allowed) and (allowed == "*" or rest in allowed.split() or not rest)


def words_of(value: Value) -> list[str]:
    """A command as its words; [] where its first word is not known, or a shell would make more of it."""
    if isinstance(value.const, str):
        return (
            []
            if re.search(r"[;&`<>\n]|\$\(|\|(?!\s*(?:grep|awk|head|tail|sed|cut|wc)\b)", value.const)
            else value.const.split()
        )
    if isinstance(value.const, list) and value.const and isinstance(value.const[0], str):
        return [word if isinstance(word, str) else "" for word in value.const]
    return []


def writes(deed: Deed) -> bool:
    """Is a file opened for writing, or put somewhere?"""
    if deed.name.endswith("open"):
        return any(set(text) & set("wax+") and len(text) <= 4 for text in deed.texts)
    return True


def shells(deeds: list[Deed]) -> set[str]:
    """The functions (and "" for the top) in which a connection is made and a shell is run or joined to it."""
    found: dict[str, set[str]] = {}
    for deed in deeds:
        kinds = found.setdefault(deed.inside, set())
        if deed.kind is Kind.CONNECTS and deed.name.startswith("socket."):
            kinds.add("connects")
        elif deed.kind is Kind.RUNS:
            joined = any(SHELLS.search(text) for text in deed.texts) or any(value.hidden for value in deed.values)
            kinds.update({"shell"} if joined else ())
    return {name for name, kinds in found.items() if kinds >= {"connects", "shell"}}
