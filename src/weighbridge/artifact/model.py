"""The named set of files that is judged as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from weighbridge.artifact.blob import Blob
from weighbridge.artifact.limits import Limits
from weighbridge.typed import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path


class Model(Protocol):
    """Files judged together: a folder, a loose file, a version of a package.

    `uri` says where it lies (an absolute path, or an address); `identity` what proves that it is this one
    (feed, package, manifest id ...), where its source knows.
    """

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str | None: ...
    @property
    def uri(self) -> str: ...
    @property
    def identity(self) -> Mapping[str, str]: ...

    def blobs(self, limits: Limits) -> Iterator[Blob]:
        """Every file, read in place, in order of path; each is closed when the next is asked for.

        What cannot be opened is yielded all the same: reading it raises `Malformed` (a link that leaves the tree,
        a device) or `GateError` (no permission, a failing disk).
        """
        ...

    def on_disk(self) -> AbstractContextManager[Path]:
        """Whole files under one absolute path, for an engine that needs them so."""
        ...
