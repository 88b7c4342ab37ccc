"""Scripts: a text whose first line names the program that runs it. Beside a model a tool, in the place of weights a
disguise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS

DISGUISED = Threat(
    "SCRIPT-401",
    "Script under the name of weights",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=506,
    what="The file has the name of a model, and is a program: no loader of weights reads it, and whoever runs it runs "
    "what it says.",
    remedy="Remove the file, or give it the name of what it is.",
)
TOOL = Threat(
    "SCRIPT-402",
    "Script among a model's files",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="No loader of models runs it by itself; people do, and so do build steps.",
    remedy="Review the script before it is run.",
)
HOSTILE = Threat(
    "SCRIPT-403",
    "Script opens a shell to the outside, or runs what it fetches unprotected",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=506,
    what="A line joins a shell to a connection, decodes what it runs, or runs what comes over a connection that "
    "anybody on the way may change. Builds, hooks and people run such files.",
    remedy="Do not run it; take the file out of the model.",
)
THREATS = (DISGUISED, TOOL, HOSTILE)
LONGEST = 4 << 20
COMMANDS = re.compile(  # files whose lines somebody's shell runs
    r"(?:.*[/!])?(?:[^/!]+\.(?:sh|bash|zsh|command|bat|cmd|ps1|psm1|mk)|makefile|gnumakefile|mlproject|jenkinsfile|procfile"
    r"|(?:[\w.-]*\.)?(?:docker|container)file(?:\.[\w-]+)?|justfile|taskfile\.ya?ml|cog\.yaml|dvc\.yaml|\.envrc|postinst|preinst"
    r"|\.git/hooks/[\w-]+|workflows/[^/!]+\.ya?ml|\.gitlab-ci\.ya?ml|azure-pipelines[\w-]*\.ya?ml|docker-compose"
    r"[\w.-]*\.ya?ml|\.pre-commit-config\.yaml|package\.json|[^/!]+\.(?:r|lua|js|mjs|pl|rb|php|jl)|\.rprofile)"
)
PARTS = """sh bash zsh command bat cmd ps psm mk makefile gnumakefile mlproject jenkinsfile procfile dockerfile
containerfile justfile yaml yml envrc postinst preinst hooks package r lua js mjs pl rb php jl rprofile"""
WEIGHTS = tuple(
    """.bin .pt .pth .ckpt .safetensors .gguf .ggml .onnx .h5 .hdf5 .keras .pb .tflite .npy .npz .pkl .pickle .joblib
    .model .weights .params .pdparams .pdmodel .msgpack .mlmodel .engine .plan .t7 .caffemodel .ckpt .data .dat .ot .mar
    .nemo .pte .pt2 .llamafile .cbm .ubj .rds .rdata .spm .task""".split()
)


SHEBANG = re.compile(rb"(?:\xef\xbb\xbf)?#![ \t]*/")


def probe(head: bytes, blob: Blob) -> bool:
    """An interpreter by its path (what is called so by Rust, `#![...]`, is none); or the name of a file of commands."""
    return SHEBANG.match(head) is not None or (blob.start == 0 and COMMANDS.fullmatch(blob.path.lower()) is not None)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """By its name: weights are no program. By its lines, in whatever language."""
    from weighbridge.formats._commands import hostile
    from weighbridge.readers.text import decoded

    data = blob.peek(0, LONGEST)
    blob.limits.spend("parsed", len(data))
    text = decoded(data)
    line = text[:200].partition("\n")[0].strip("\ufeff \r")
    if SHEBANG.match(data):
        threat = DISGUISED if blob.path.lower().endswith(WEIGHTS) else TOOL
        yield threat.found(blob.at(0), f"is run by {line[2:].strip()[:100]!a}", callable="script", evidence=line)
    elif blob.path.lower().endswith((".sh", ".bash", ".bat", ".cmd", ".ps1")):
        yield TOOL.found(blob.at(0), "is a script by its name", callable="script", evidence=line)
    if blob.path.lower().endswith(".rprofile") and (found := re.search(r"\b(?:system2?|shell|dyn\.load)\s*\(", text)):
        said = f"R runs {found[0]!a} at its start"
        yield HOSTILE.found(blob.at(found.start()), said, callable="script", evidence=found[0])
    for found in list(hostile().finditer(re.sub(r"(?m)^[ \t]*(?:#|REM |::)[^\n]*", blank, text)))[:5]:
        at = blob.at(len(text[: found.start()].encode("utf-8", "replace")))
        yield HOSTILE.found(at, f"a line reads {found[0][:120]!a}", callable="script", evidence=found[0][:200])


def blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


FORMAT = Format(
    "script",
    inspect,
    probe=probe,
    refines=("text", "yaml", "json"),
    approvable=False,
    title="Script",
    parts=PARTS,
    holds=(b"#!",),
)
