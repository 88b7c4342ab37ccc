"""One process, measured whole: CPU seconds, resident memory, bytes read, exit code."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """`cpu`: seconds, user and system; `resident`: MiB at most; `read`: bytes; `code` None: ended by us."""

    cpu: float
    resident: float
    read: int
    code: int | None


def run(command: list[str], limit: float = 600.0) -> Cost:
    """Run to its end, or to `limit` seconds of wall time. What it reads is asked of the system before it is reaped."""
    quiet = dict(os.environ, NO_ANALYTICS="1", PROMPTFOO_DISABLE_TELEMETRY="1")
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=nowhere, env=quiet, start_new_session=True)
    end = time.monotonic() + limit
    ended = True
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if time.monotonic() > end:
            process.kill()
            ended = False
        time.sleep(0.001)
    with open(f"/proc/{process.pid}/io") as lines:
        read = int(dict(line.split(": ") for line in lines)["rchar"])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, read, process.returncode if ended else None)
