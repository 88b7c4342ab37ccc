"""Files for agents and editors: instructions, servers and tasks that a tool acts on when the folder is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS

FOUND = Threat(
    "AGENT-401",
    "File for an agent or an editor among a model's files",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=829,
    what="Agents and editors act on such files when somebody opens the folder: they follow the instructions, start the "
    "servers, run the tasks. Loading the model does not read them.",
    remedy="Take it out of the model, or read it before the folder is opened.",
)
STARTS = Threat(
    "AGENT-402",
    "File for an agent or an editor names a program to start",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=829,
    what="A server, a task or a hook with a command line: whoever opens the folder and agrees runs it.",
    remedy="Read the command; take it out of the model.",
)
THREATS = (FOUND, STARTS)
LONGEST = 1 << 20
NAMES = re.compile(
    r"(?:.*/)?(?:\.?mcp\.json|mcp_config\.json|mcp-config\.json|claude_desktop_config\.json|\.mcp/.*|\.claude/.*"
    r"|\.cursor/.*|\.windsurf/.*|\.gemini/.*|\.codex/.*|\.aider(?:ignore|[\d_.-][\w.-]*)?|agents\.md|claude\.md|gemini\.md|skill\.md"
    r"|\.cursorrules|\.windsurfrules|\.clinerules(?:/.*)?|\.goosehints|\.github/copilot-instructions\.md"
    r"|\.vscode/(?:tasks|launch|settings|mcp)\.json|\.devcontainer/.*|\.devcontainer\.json|\.idea/.*|\.envrc)"
)
PARTS = """mcp claude cursor windsurf gemini codex aider agents skill cursorrules windsurfrules clinerules goosehints
copilot vscode devcontainer idea envrc"""
SERVERS = b'"mcpServers"'
COMMANDS = re.compile(
    rb"\"(?:command|postCreateCommand|postStartCommand|onCreateCommand|initializeCommand|runOn)\"\s*:\s*"
    rb"(\"(?:[^\"\\]|\\.){1,400}\"|\[[^\]]{1,400}\])"
)


def probe(head: bytes, blob: Blob) -> bool:
    path = blob.path.replace("!", "/").lower()
    return blob.start == 0 and (NAMES.fullmatch(path) is not None or SERVERS in head)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """That it is there, and which programs it names."""
    data = blob.peek(0, LONGEST)
    blob.limits.spend("parsed", len(data))
    yield FOUND.found(blob.at(0), "is a file for an agent or an editor")
    for found in list(COMMANDS.finditer(data))[:20]:
        line = found[1].decode("utf-8", "replace")[:200]
        yield STARTS.found(blob.at(found.start(1)), f"names a program to start: {line[:120]!a}", evidence=line)


FORMAT = Format(
    "agent",
    inspect,
    probe=probe,
    refines=("text", "json", "yaml"),
    approvable=False,
    title="File for agents and editors",
    parts=PARTS,
    holds=(SERVERS,),
)
