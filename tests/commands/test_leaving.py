"""A process that has said its word ends at once; but not before those who wait for its end."""

import subprocess
import sys

import pytest

START = "import sys; sys.argv[:] = ['weighbridge', *sys.argv[1:]]; from weighbridge.__main__ import main\n"
LAST = "class Last:\n    def __del__(self, say=print):\n        say('taken apart')\nlast = Last()\n"


def run(code, *words, **more):
    return subprocess.run([sys.executable, "-c", START + code, *words], capture_output=True, text=True, **more)


@pytest.mark.parametrize("content, code", [(b"\x80\x04N.", 0), (b"cposix\nsystem\n(S'echo'\ntR.", 1), (b"", 2)])
def test_nothing_is_taken_apart(tmp_path, content, code):
    """The report is whole, the code is right, and the interpreter's heap is left to the system."""
    (tmp_path / "model.pkl").write_bytes(content)
    done = run(LAST + "main()", "scan", str(tmp_path / "model.pkl") if content else str(tmp_path / "absent"))
    assert done.returncode == code
    assert "\nRESULT: " in done.stdout and done.stdout.endswith(".\n")
    assert "taken apart" not in done.stdout


WAITING = {
    "what runs at exit": "import atexit; atexit.register(print, 'seen to')\nmain()",
    "a thread": "import threading\n"
    "threading.Thread(target=lambda: (threading.main_thread().join(), print('seen to'))).start()\nmain()",
    "a profiler": "sys.setprofile(lambda *_: None)\ntry:\n    main()\nfinally:\n    print('seen to')",
    "a tracer": "sys.settrace(lambda *_: None)\ntry:\n    main()\nfinally:\n    print('seen to')",
}


@pytest.mark.parametrize("who", WAITING)
def test_who_waits_is_seen_to(tmp_path, who):
    """Callbacks at exit, threads and those who measure: then the end is Python's own."""
    (tmp_path / "model.pkl").write_bytes(b"\x80\x04N.")
    done = run(WAITING[who], "scan", str(tmp_path))
    assert done.returncode == 0 and done.stdout.rstrip().endswith("seen to")


def test_code_stands_where_nobody_reads(tmp_path):
    """A pipe whose reader has gone is no error of the scan's, and hides no block."""
    (tmp_path / "model.pkl").write_bytes(b"cposix\nsystem\n(S'echo'\ntR.")
    with subprocess.Popen(
        [sys.executable, "-m", "weighbridge", "scan", str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        assert process.wait() == 1
        assert b"Exception" not in process.stderr.read()
