"""A file or a folder on disk: one model, or a folder of models.

A file is one model. A folder is one model when it says so (a `config.json`, `MLmodel`, `saved_model.pb` ... lies in it)
or when at most one model could be meant: no subfolder, and a single file beside plain texts and settings. Any other
folder is a folder of models: each direct subfolder is one, so is each loose file, and texts lying loose are
weighed together under the folder's name. `layout` forces either.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from weighbridge.artifact.blob import Blob, Bytes
from weighbridge.artifact.file import FileBytes
from weighbridge.artifact.limits import Limits
from weighbridge.errors import GateError, Malformed
from weighbridge.sources import Source
from weighbridge.typed import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

MARKERS = frozenset(  # files that make a folder one model
    """config.json model_index.json modules.json adapter_config.json tokenizer.json tokenizer_config.json MLmodel
    saved_model.pb saved_model.pbtxt model.json config.pbtxt model.onnx pytorch_model.bin.index.json
    model.safetensors.index.json bentoml.yaml bento.yaml Modelfile meta.cfg config.cfg""".split()
)
BESIDE = (".json", ".yaml", ".yml", ".txt", ".md", ".toml", ".cfg", ".ini", ".py", ".gitattributes", ".gitignore")
NOT_ENTERED = frozenset({".git", ".svn", ".hg"})  # what versions the models, not what ships

PLAINLY = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class Refused:
    """The bytes of what is not read for a reason of content: asking for any says why."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def fault(self) -> Exception:
        return Malformed(self.reason)

    def __len__(self) -> int:
        raise self.fault()

    def __getitem__(self, span: slice, /) -> bytes:
        raise self.fault()


class Unreadable(Refused):
    """The bytes of what the machine would not hand over."""

    def fault(self) -> Exception:
        return GateError(self.reason, hint="give the gate's user the right to read it")


class LocalModel(NamedTuple):
    """A file or a folder on disk. `tree` is the target that was named: links that lead out of it are refused."""

    name: str
    path: str
    tree: str
    only: tuple[str, ...] = ()  # the loose files of a folder of models that are weighed together
    version: str | None = None

    @property
    def uri(self) -> str:
        return self.path

    @property
    def identity(self) -> Mapping[str, str]:
        return MappingProxyType({})

    def blobs(self, limits: Limits) -> Iterator[Blob]:
        """Every file under the model, in order of path; a loose file is its own only blob."""
        if not os.path.isdir(self.path):
            listed: Iterable[tuple[str, str]] = [(os.path.basename(self.path), self.path)]
        else:
            listed = files(self.path, self.tree)
        for relative, path in listed:
            if self.only and relative not in self.only:
                continue
            limits.spend("members")
            descriptor, data = opened_or_not(path, self.tree)
            try:
                yield Blob(relative, data, limits)
            finally:
                if descriptor >= 0:
                    os.close(descriptor)

    def on_disk(self) -> AbstractContextManager[Path]:
        """It lies there already; absolute, for model-security answers BLOCKED for a path that it cannot resolve.

        Where more lies there than the model (other models beside loose files, a repository's history), its files
        alone are shown. What the gate itself would not read is not handed on either: a `GateError`.
        """
        from contextlib import nullcontext
        from pathlib import Path

        from weighbridge.sources._room import shown

        listed = self.listed()
        for _, path in listed:
            presentable(path, self.tree)
        if os.path.isdir(self.path) and (self.only or versioned(self.path)):
            return shown(self.name, listed)
        return nullcontext(Path(os.path.abspath(self.path)))

    def listed(self) -> list[tuple[str, str]]:
        """The model's files: relative and absolute path of each."""
        if not os.path.isdir(self.path):
            return [(os.path.basename(self.path), self.path)]
        return [file for file in files(self.path, self.tree) if not self.only or file[0] in self.only]


def opened_or_not(path: str, tree: str) -> tuple[int, Bytes]:
    """What `unlocked` says; where it fails, bytes that say so when they are asked for."""
    try:
        return unlocked(path, tree)
    except OSError as error:
        return -1, Unreadable(f"cannot open {path}: {error.strerror}")


def unlocked(path: str, tree: str) -> tuple[int, Bytes]:
    """The descriptor (-1: none) and the bytes of a path. Opened without waiting: a FIFO has no end."""
    descriptor = unlinked(path)
    if descriptor < 0:
        if os.path.islink(path) and not within(os.path.realpath(path), tree):
            return -1, Refused("is a link that leads out of the folder that was named")
        descriptor = os.open(path, PLAINLY)
    status = os.fstat(descriptor)
    if status.st_mode & 0o170000 != 0o100000:
        os.close(descriptor)
        return -1, Refused(
            "is no regular file (a pipe, a socket, a device): a loader would read what cannot be weighed"
        )
    return descriptor, FileBytes(descriptor, status.st_size, path)


def unlinked(path: str) -> int:
    """The descriptor of what is no link; -1 where it is one, cannot be opened, or the system does not tell."""
    if not NO_LINK:
        return -1
    try:
        return os.open(path, PLAINLY | NO_LINK)
    except OSError:
        return -1


def presentable(path: str, tree: str) -> None:
    """Whether another program may be handed what lies there; a pipe would keep it waiting for ever."""
    descriptor, data = opened_or_not(path, tree)
    if descriptor >= 0:
        os.close(descriptor)
    elif isinstance(data, Unreadable):
        raise data.fault()
    elif isinstance(data, Refused):
        hint = "copy the model as plain files, or weigh it with the embedded engine (--engine static), which tells more"
        raise GateError(f"{path} {data.reason}", hint=hint)


def versioned(folder: str) -> bool:
    """Whether a folder of it is no part of what ships."""
    return any(NOT_ENTERED & set(names) for _, names, _ in os.walk(folder))


def within(path: str, tree: str) -> bool:
    return path == tree or path.startswith(tree.rstrip(os.sep) + os.sep)


def files(folder: str, tree: str) -> Iterator[tuple[str, str]]:
    """Relative (with `/`) and absolute path of all that is no folder, sorted. A folder linked to is entered once."""
    pending = [("", folder)]
    entered = {os.path.realpath(folder)}
    while pending:
        prefix, current = pending.pop()
        below: list[tuple[str, str]] = []
        for entry in listing(current):
            relative = prefix + entry.name
            if not entry.is_dir():
                yield relative, entry.path
                continue
            real = os.path.realpath(entry.path)
            if not within(real, tree):
                yield relative, entry.path
            elif real not in entered and entry.name not in NOT_ENTERED:
                entered.add(real)
                below.append((relative + "/", entry.path))
        pending += reversed(below)


def listing(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        message = f"cannot list {folder}: {error.strerror}"
        raise GateError(message, hint="give the gate's user the right to read it") from None


class Directory(NamedTuple):
    """A target on disk; `layout` is "auto", "model" (one) or "models" (a folder of them)."""

    path: str
    layout: str

    def __enter__(self) -> Directory:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is kept open."""

    def models(self) -> Iterator[LocalModel]:
        if not os.path.isdir(self.path) or self.is_one():
            if not os.path.isdir(self.path) or next(files(self.path, self.path), None):
                yield LocalModel(os.path.basename(self.path) or self.path, self.path, self.path)
            return
        beside = []
        for entry in listing(self.path):
            if entry.is_dir():
                if entry.name not in NOT_ENTERED and next(files(entry.path, self.path), None):
                    yield LocalModel(entry.name, entry.path, self.path)
            elif entry.name.lower().endswith(BESIDE):
                beside.append(entry.name)
            else:
                yield LocalModel(entry.name, entry.path, self.path)
        if beside:  # a name proves nothing: what looks like a note is weighed too, all notes as one
            yield LocalModel(os.path.basename(self.path), self.path, self.path, tuple(beside))

    def is_one(self) -> bool:
        if self.layout != "auto":
            return self.layout == "model"
        entries = listing(self.path)
        if any(entry.name in MARKERS for entry in entries):
            return True
        weighty = [entry for entry in entries if not entry.name.lower().endswith(BESIDE)]
        return not any(entry.is_dir() for entry in entries) and len(weighty) <= 1


def open_directory(address: str, options: Mapping[str, Any]) -> Directory:
    """The target at a path; a path where nothing lies is a `GateError`."""
    path = os.path.realpath(address)
    if not os.path.lexists(path):
        raise GateError(f"there is nothing at {address}", hint="check the path; it is taken from the current folder")
    return Directory(path, str(options.get("layout", "auto")))


SOURCE = Source("directory", open_directory)
