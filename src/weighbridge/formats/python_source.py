"""Python source: what happens when it is imported, by its syntax tree. It is parsed, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted
from weighbridge.formats import Format
from weighbridge.formats._python.judge import OF_PYTHON
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS

DISGUISED = Threat(
    "PY-409",
    "Python source is written so that its reader sees something else",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=506,
    what="The source declares an encoding that no editor shows as what it means (UTF-7, rot13, escapes), or holds "
    "NUL bytes: what a person reads is not what the interpreter runs.",
    remedy="Store the source as UTF-8.",
)
UNREAD = Threat(
    "PY-410",
    "Python source that no parser here reads",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="It was written for another Python, is cut, too long or too deep. It was weighed by the names it mentions.",
    remedy="Read it, or mend it.",
)
CALLED = Threat(
    "PY-412",
    "Python source that others run by its name",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="Nobody imports it by hand: an installer, a hub or a server looks for a file of this name and runs it.",
    remedy="Read it before the model is given to whoever runs it.",
)
WEIGHTS = Threat(
    "PY-414",
    "Python source under the name of weights",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=506,
    what="The file has the name of a model, and is a program: no loader of weights reads it, and whoever runs it runs "
    "what it says.",
    remedy="Remove the file, or give it the name of what it is.",
)
THREATS = (*OF_PYTHON, DISGUISED, UNREAD, CALLED, WEIGHTS)
RUN_BY = {
    "setup.py": "pip, when the folder is installed",
    "hubconf.py": "torch.hub.load",
    "handler.py": "inference endpoints and TorchServe",
    "conftest.py": "pytest",
    "__main__.py": "python, when the folder or archive is run",
    "inference.py": "SageMaker",
    "pipeline.py": "diffusers, as a custom pipeline",
    "generate.py": "transformers, as custom_generate",
}
LONGEST = 32 << 20
SUFFIXES = (".py", ".pyw", ".pyi")
NUMBERS = (
    ".bin", ".pt", ".pth", ".ckpt", ".safetensors", ".gguf", ".onnx", ".h5", ".keras", ".pkl", ".joblib", ".npy",
)  # fmt: skip
SHEBANG = re.compile(rb"#!\s*\S*(?:python|pypy)[\d.]*|#!\s*/usr/bin/env\s+(?:-S\s+)?(?:python|pypy)[\d.]*")
IMPORTS = re.compile(
    rb"(?:[ \t]*(?:#[^\n]*)?\r?\n)*"
    rb"(?:import[ \t]+[A-Za-z_][\w.]*[ \t]*(?:[\r\n,;#]|as[ \t])|from[ \t]+[\w.]+[ \t]+import[ \t(])"
)
RUN_AS_PROGRAMS = ("setup.py", "__main__.py")
FIRST = bytes([9, 10, 12, 13, *range(32, 127), *range(0xC2, 0xF5)])  # what a source can begin with


def is_weights(path: str) -> bool:
    return path.lower().endswith(NUMBERS)


def probe(head: bytes, blob: Blob) -> bool:
    named = blob.start == 0 and blob.path.lower().endswith(SUFFIXES)
    first = SHEBANG.match(head) if head[:2] == b"#!" else is_weights(blob.path) and IMPORTS.match(head)
    if not (named or first):
        return False
    from weighbridge.readers.text import is_text

    return is_text(head)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What importing it does, line by line; what its functions hold, in a word."""
    from weighbridge.formats._python.weighing import weighed
    from weighbridge.readers.pythonast import parsed

    if len(blob) > LONGEST:
        raise Exhausted(f"a source of {len(blob)} bytes")
    blob.limits.spend("parsed", len(blob))
    data = blob.read(0, len(blob))
    if b"\0" in data:
        at = data.find(b"\0")
        yield DISGUISED.found(blob.at(at), "holds NUL bytes: interpreters differ in what they run of it")
        if at:
            yield blob.part(at)
        data = data.replace(b"\0", b" ")
    source = parsed(data)
    if blob.start == 0 and is_weights(blob.path):
        yield WEIGHTS.found(blob.at(0), "is Python source under a name of weights")
    if source.disguise:
        yield DISGUISED.found(blob.at(0), f"declares the encoding {source.disguise[:40]!a}")
    if source.why:
        yield UNREAD.found(blob.at(0), source.why[:200])
    name = blob.path.rpartition("!")[2].rpartition("/")[2].lower()
    if name in RUN_BY:
        yield CALLED.found(blob.at(0), f"is run by {RUN_BY[name]}")
    yield from weighed(blob, data, source, script=name in RUN_AS_PROGRAMS)


FORMAT = Format(
    "python_source",
    inspect,
    probe=probe,
    suffixes=SUFFIXES,
    approvable=False,
    title="Python source",
    first=FIRST,
    names=SUFFIXES + NUMBERS,
    starts=(b"#!",),
    text=True,
)
