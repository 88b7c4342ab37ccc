"""Where the reports of a run go: files first, so that the last thing on the terminal is the answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping

from weighbridge.commands._telling import told
from weighbridge.errors import GateError
from weighbridge.policy.verdict import Run
from weighbridge.reports import SHELF
from weighbridge.typed import NamedTuple

AGENT = "TF_BUILD"  # set by Azure Pipelines on every agent
READ_BY_PEOPLE = ("console", "azure_devops", "seed")


class Output(NamedTuple):
    """One report; an empty path is stdout."""

    format: str
    path: str = ""


def outputs(words: Iterable[str], environ: Mapping[str, str], summary: str = "") -> tuple[Output, ...]:
    """The outputs that were asked for, and those that go without saying.

    The console's report goes to stdout unless another does; on an Azure Pipelines agent its commands follow, unless
    stdout was given to a report that a program reads. `summary` is a path for the Markdown report.
    """
    asked = [one(word) for word in words]
    if summary:
        asked.append(one(f"markdown={summary}"))
    on_stdout = [output.format for output in asked if not output.path]
    if not set(on_stdout) - {"azure_devops"}:
        asked.append(Output("console"))
        on_stdout.append("console")
    if environ.get(AGENT) and set(on_stdout) <= set(READ_BY_PEOPLE) - {"azure_devops"}:
        asked.append(Output("azure_devops"))
    return tuple(sorted(asked, key=lambda output: (not output.path, output.format == "azure_devops")))


def one(word: str) -> Output:
    """`FORMAT`, `FORMAT=PATH` or `FORMAT=-`."""
    name, equals, path = word.partition("=")
    SHELF.load(name)  # an unknown one is told before anything is weighed
    if equals and not path:
        raise GateError(f"-o {word} names no file", hint=f"write -o {name} for stdout, or -o {name}=FILE")
    if path and path != "-" and os.path.isdir(path):
        raise GateError(f"-o {word}: that is a folder", hint=f"name a file: -o {name}={path.rstrip('/')}/report")
    return Output(name, "" if path == "-" else path)


def delivered(run: Run, wanted: Iterable[Output]) -> int:
    """Every report to its place, and the exit code. A report that is missing is an error, which no block is lost to."""
    try:
        write(run, wanted)
        sys.stdout.flush()
    except GateError as error:
        told(error)
        return run.exit_code or 2
    except BrokenPipeError:  # the reader has heard enough; the verdict stands
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return run.exit_code


def write(run: Run, wanted: Iterable[Output]) -> None:
    """Every report to its place. What cannot be written is a `GateError`, once all the others are."""
    faults: list[str] = []
    for output in wanted:
        text = SHELF.load(output.format).render(run)
        if not output.path:
            sys.stdout.write(text)
            continue
        try:
            kept(output.path, text)
        except OSError as error:
            faults.append(f"cannot write the {output.format} report to {output.path}: {error.strerror}")
    if faults:
        raise GateError("; ".join(faults), hint="name a file in a folder that exists and may be written to")


def kept(path: str, text: str) -> None:
    """Written beside and then moved, so that no reader ever sees half a report."""
    if os.path.exists(path) and not os.path.isfile(path):  # /dev/stderr, a pipe
        with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        return
    beside = f"{path}.{os.getpid()}.part"
    try:
        with open(beside, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        os.replace(beside, path)
    finally:
        if os.path.exists(beside):
            os.unlink(beside)
