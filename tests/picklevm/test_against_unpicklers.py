"""A share of `make fuzz`: what every unpickler sees of a generated stream, the machine tells."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_machine_tells_all_that_unpicklers_see():
    """20,000 streams by chance against C's unpickler, Python's and pickletools; a fixed seed draws the same."""
    command = [sys.executable, "-m", "tests.fuzz.pickles", "--streams", "20000", "--seed", "42"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "20000 streams, 0 disagreements" in done.stdout
