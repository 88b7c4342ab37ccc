"""ArtifactTool, Microsoft's own downloader: which release fits this machine, and a copy of it that is kept."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from weighbridge.errors import GateError
from weighbridge.outside.http import place
from weighbridge.sources.azure_artifacts.service import UNREADABLE, Service, shown
from weighbridge.sources.azure_artifacts.surprise import Surprise

NAME = "artifacttool.exe" if os.name == "nt" else "artifacttool"
LARGEST = 512 << 20  # bytes of a release, packed
UNPACKED = 2 << 30
OVERRIDE = "AZURE_DEVOPS_EXT_ARTIFACTTOOL_OVERRIDE_PATH"  # a folder that holds it, as for the Azure CLI
BY_HAND = f"put ArtifactTool into a folder, and name the folder in {OVERRIDE}"


def tool(service: Service) -> Path:
    """The program, ready to run: the one that the environment names, else the release that the service has for us."""
    named = os.environ.get(OVERRIDE)
    if named:
        program = Path(named, NAME).absolute()
        if not program.is_file():
            raise GateError(f"{OVERRIDE} names a folder without {NAME}", hint=BY_HAND)
        return program
    release = service.ask(
        "GET",
        f"{service.host('dedup')}/_apis/clienttools/ArtifactTool/release",
        what="the release of ArtifactTool for this system",
        query=system(),
    ).value
    if not isinstance(release, dict) or not all(isinstance(release.get(key), str) for key in ("uri", "version")):
        raise Surprise("the answer about releases of ArtifactTool has an unknown shape")
    name = "_".join(str(release.get(key, "")) for key in ("name", "rid", "version"))
    folder = cache() / "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name)
    return kept(folder) or fetched(service, release["uri"], folder)


def system() -> dict[str, str]:
    """This machine, in the words of the service. There is one build each for macOS and Windows: that for Intel."""
    arch = platform.machine() if platform.system() == "Linux" else "x86_64"
    query = {"osName": platform.system(), "arch": arch}
    if platform.system() == "Linux":
        try:
            release = platform.freedesktop_os_release()
        except OSError:
            release = {}
        query |= {"distroName": release.get("ID", ""), "distroVersion": release.get("VERSION_ID", "")}
    return query


def cache() -> Path:
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(base, "weighbridge", "artifacttool")


def kept(folder: Path) -> Path | None:
    """The program in our cache, if it is as it was when it was fetched."""
    program = folder / NAME
    try:
        recorded = (folder / "SHA256").read_text(encoding="ascii").strip()
        return program if sha256(program.read_bytes()).hexdigest() == recorded else None
    except (OSError, UnicodeDecodeError):
        return None


def fetched(service: Service, uri: str, folder: Path) -> Path:
    """The release, unpacked beside its place and moved there whole: two runs at once do not meet half a program."""
    own = service.organisation[: service.organisation.find("://") + 3]
    if not uri.startswith(("https://", own)) or shown(uri) == UNREADABLE:
        raise Surprise(f"the release of ArtifactTool lies at {shown(uri)}, which is not encrypted or no address")
    answer = service.door.ask("GET", uri, limit=LARGEST)
    if answer.status != 200:
        raise GateError(f"{place(uri)} answered HTTP {answer.status} for ArtifactTool", hint=BY_HAND)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = Path(tempfile.mkdtemp(dir=folder.parent))
        try:
            unpack(answer.body, beside)
            shutil.rmtree(folder, ignore_errors=True)
            beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        if program := kept(folder):  # another run was faster
            return program
        message = f"cannot keep ArtifactTool in {folder}: {error.strerror}"
        raise GateError(message, hint=BY_HAND) from None
    return folder / NAME


def unpack(data: bytes, folder: Path) -> None:
    try:
        with ZipFile(BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > UNPACKED or NAME not in archive.namelist():
                raise GateError("what came as ArtifactTool is another thing", hint=BY_HAND)
            archive.extractall(folder)  # which keeps every member within the folder
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise GateError(f"ArtifactTool came damaged: {error}", hint="run again, or " + BY_HAND) from None
    program = folder / NAME
    program.chmod(0o700)
    (folder / "SHA256").write_text(sha256(program.read_bytes()).hexdigest(), encoding="ascii")
