"""Other programs: run without a shell, by arguments, for a bounded time, and never left behind."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from threading import Thread

from weighbridge.errors import GateError
from weighbridge.outside.secret import Secret
from weighbridge.typed import IO, NamedTuple

LONGEST = 16 << 20  # bytes of standard output that are kept


class Done(NamedTuple):
    """How a program ended."""

    code: int
    output: str
    complaints: tuple[str, ...]  # the last lines of standard error
    whole: bool = True  # False: it said more than is kept, and `output` is the beginning of it


def unheard(line: str) -> None:
    """Nobody listens."""


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    secrets: Mapping[str, Secret] | None = None,
    timeout: float = 3600.0,
    hear: Callable[[str], None] = unheard,
    folder: str | None = None,
) -> Done:
    """Run `command` to its end; each line of its standard error is told to `hear` as it comes.

    `environment` and `secrets` are added to ours. A program that is missing or does not end in time is a `GateError`.
    """
    hidden = {name: secret.reveal() for name, secret in (secrets or {}).items()}
    try:
        process = subprocess.Popen(  # noqa: S603
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {}), **hidden},
            cwd=folder,
            start_new_session=True,
        )
    except OSError as error:
        raise GateError(
            f"cannot run {command[0]}: {error.strerror}", hint="install it, or name where it lies"
        ) from None
    with process:
        return followed(process, command[0], timeout, hear)


def followed(process: subprocess.Popen[bytes], name: str, timeout: float, hear: Callable[[str], None]) -> Done:
    output: list[bytes] = []
    complaints: list[str] = []
    assert process.stdout and process.stderr
    threads = (
        Thread(target=collect, args=(process.stdout, output), daemon=True),
        Thread(target=listen, args=(process.stderr, complaints, hear), daemon=True),
    )
    for thread in threads:
        thread.start()
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        message = f"{name} did not end within {timeout:.0f} seconds"
        raise GateError(message, hint="check the network, or allow it more time") from None
    finally:
        end(process)
        for thread in threads:
            thread.join(5)
    said = b"".join(output)
    return Done(
        process.returncode, said[:LONGEST].decode("utf-8", "replace"), tuple(complaints), whole=len(said) <= LONGEST
    )


def collect(stream: IO[bytes], kept: list[bytes]) -> None:
    """All that comes is read, so that the program is not held up; what is kept is little more than LONGEST."""
    held = 0
    while piece := stream.read(65536):
        if held <= LONGEST:
            kept.append(piece)
        held += len(piece)


def listen(stream: IO[bytes], kept: list[str], hear: Callable[[str], None]) -> None:
    while raw := stream.readline(65536):
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        kept.append(line)
        del kept[:-50]
        hear(line)


def end(process: subprocess.Popen[bytes]) -> None:
    """The program and all that it started."""
    if process.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, 9)
        else:
            process.kill()
        process.wait()
