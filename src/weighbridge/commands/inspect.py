"""`weighbridge inspect`: what a file is made of, and the opcodes around what was found."""

from __future__ import annotations

from collections.abc import Iterator

import click

from weighbridge.artifact.limits import Limits
from weighbridge.engines.static.anatomy import Anatomy, Part
from weighbridge.errors import GateError
from weighbridge.policy.finding import Finding, Severity
from weighbridge.reports._neutral import neutral
from weighbridge.sources.directory import LocalModel

AROUND = 6  # opcodes before and after
PICKLES = ("pickle", "joblib", "pytorch_v0_1_10")


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--opcodes", "view", flag_value="opcodes", help="Every opcode of every pickle in the file.")
@click.option("--tree", "view", flag_value="tree", help="Only what the file is made of.")
@click.option("--member", default="", metavar="PATH", help="Only parts whose path ends so: archive/data.pkl")
def command(file: str, view: str | None, member: str) -> None:
    """Show what FILE is made of, and what was found in it. Nothing is loaded.

    Without a flag: the parts of the file, each finding, and the opcodes around it with the guilty one marked (>).

    \b
      weighbridge inspect model.pt
      weighbridge inspect model.pt --opcodes --member data.pkl
    """
    from os.path import basename, isfile, realpath

    if not isfile(file):
        raise GateError(f"there is no file at {file}", hint="name a file; weighbridge scan takes folders")
    anatomy = Anatomy()
    for blob in LocalModel(basename(file), realpath(file), realpath(file)).blobs(Limits()):
        anatomy.weigh(blob)
        for part in anatomy.parts:
            if part.blob.path.endswith(member):
                for line in shown(part, view):
                    click.echo(line)


def shown(part: Part, view: str | None) -> Iterator[str]:
    depth = "  " * part.blob.depth
    formats = ", ".join(part.formats) or "no known format"
    yield f"{depth}{neutral(part.place, 200)}  [{formats}]  {len(part.blob)} bytes"
    if view == "tree":
        return
    if view == "opcodes":
        if set(part.formats) & set(PICKLES):
            yield from opcodes(part, None)
        return
    for finding in part.findings:
        if finding.threat.severity > Severity.INFO:
            yield f"{depth}  {finding.threat.code}: {neutral(finding.message)}"
            if finding.evidence:
                yield f"{depth}    {neutral(finding.evidence)}"
            if set(part.formats) & set(PICKLES) and finding.location.path == part.blob.path:
                yield from opcodes(part, finding)


def opcodes(part: Part, finding: Finding | None) -> Iterator[str]:
    """The disassembly; of a finding, the opcodes around its byte."""
    from weighbridge.formats._pickles.arrays import inline
    from weighbridge.picklevm.disassembly import disassembled

    start = part.blob.start
    lines = [(line, start + line.offset) for line in disassembled(part.blob, inline)]
    guilty = finding.location.offset if finding else None
    near = next((n for n, (_, at) in enumerate(lines) if at == guilty), None)
    if finding and near is None:
        return
    kept = lines if near is None else lines[max(near - AROUND, 0) : near + AROUND]
    for line, at in kept:
        mark = ">" if at == guilty else " "
        deed = f"  # {neutral(line.deed, 200)}" if line.deed else ""
        yield f"    {mark}{at:>8}  {line.name:<18} {neutral(line.argument, 80)}{deed}".rstrip()
