"""Other programs that download a package whole: ArtifactTool, and the Azure CLI, which calls it."""

from __future__ import annotations

import logging
import shutil
from json import loads
from pathlib import Path

from weighbridge.errors import GateError
from weighbridge.outside.process import Done, run
from weighbridge.sources.azure_artifacts.credentials import ADVICE, Credential
from weighbridge.sources.azure_artifacts.feed import Feed
from weighbridge.sources.azure_artifacts.release import tool
from weighbridge.sources.azure_artifacts.versions import Version
from weighbridge.typed import Any

LOG = logging.getLogger("weighbridge.azure_artifacts")
VARIABLE = "WEIGHBRIDGE_ARTIFACTTOOL_PATVAR"  # in which ArtifactTool finds the credential
LONGEST = 12 * 3600.0  # seconds of a download
STEP = 10  # percent between two lines of progress
Told = dict[str, Any]  # what the program says of the package: ManifestId, SuperRootId ...


def artifacttool(feed: Feed, version: Version, folder: Path) -> Told:
    """Download with ArtifactTool itself."""
    command = [str(tool(feed.service)), "universal", "download", "--service", feed.address.organisation]
    command += ["--patvar", VARIABLE, "--feed", feed.address.feed, "--package-name", version.package]
    command += ["--package-version", version.number, "--path", str(folder)]
    command += ["--project", feed.project] if feed.project else []
    who = asker(feed)
    progress = Progress(version)
    return ended(run(command, secrets={VARIABLE: who.token}, timeout=LONGEST, hear=progress.hear), "artifacttool", who)


def az(feed: Feed, version: Version, folder: Path) -> Told:
    """Download with the Azure CLI and its extension `azure-devops`."""
    program = shutil.which("az")
    if program is None:
        hint = "install the Azure CLI and its extension azure-devops, or fetch natively"
        raise GateError("az is not installed", hint=hint)
    command = [program, "artifacts", "universal", "download", "--organization", feed.address.organisation]
    command += ["--feed", feed.address.feed, "--name", version.package, "--version", version.number]
    command += ["--path", str(folder), "--detect", "false", "--only-show-errors", "--output", "json"]
    command += ["--project", feed.project, "--scope", "project"] if feed.project else []
    who = asker(feed)
    return ended(run(command, secrets={"AZURE_DEVOPS_EXT_PAT": who.token}, timeout=LONGEST), "az", who)


PROGRAMS = {"artifacttool": artifacttool, "az": az}


def asker(feed: Feed) -> Credential:
    if feed.service.credential is None:
        raise GateError("a download by another program needs a credential", hint=ADVICE)
    return feed.service.credential


def ended(done: Done, name: str, who: Credential) -> Told:
    """What the program said of the package; a failure is an error with the program's own last words."""
    if done.code:
        words = [said for line in done.complaints if (said := word(line))][-3:]
        message = f"{name} ended with {done.code}: {' '.join(words) or 'it did not say why'}"
        hint = "the build service needs Feed Reader; map AZURE_DEVOPS_EXT_PAT: $(System.AccessToken)"
        raise GateError(who.struck(message)[:2000], hint=hint)
    told = entry(done.output)
    return told if isinstance(told, dict) else {}


def word(line: str) -> str:
    """What a line of its log complains of: an error's message, or plain text."""
    said = entry(line)
    if isinstance(said, dict):
        return str(said.get("@m", "")) if said.get("@l") in ("Error", "Fatal") else ""
    return line.strip()


def entry(text: str) -> Any:
    try:
        return loads(text)
    except (ValueError, RecursionError):
        return None


class Progress:
    """Turns the lines of ArtifactTool's log (one JSON object each) into few lines of ours."""

    def __init__(self, version: Version) -> None:
        self.version, self.next = version, STEP

    def hear(self, line: str) -> None:
        said = entry(line)
        done, total = (said.get(key) for key in ("DownloadedBytes", "TotalBytes")) if isinstance(said, dict) else (0, 0)
        if isinstance(done, int) and isinstance(total, int) and total > 0 and 100 * done >= self.next * total:
            self.next = 100 * done // total // STEP * STEP + STEP
            LOG.info("%s %s: %d %% of %d bytes", self.version.package, self.version.number, 100 * done // total, total)
