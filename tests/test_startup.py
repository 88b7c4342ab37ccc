"""A start is quick because little is imported; and an index of the formats is believed only where it fits."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from weighbridge import formats
from weighbridge.formats import SHELF, _signs
from weighbridge.formats._questions import question

HEAVY = ("rich", "urllib3", "jinja2", "license_expression", "ssl", "asyncio", "json", "sqlite3", "tomllib")


def imported(code):
    """The modules that a fresh interpreter holds after that code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_weighing_a_pickle_imports_no_heavy_library(tmp_path):
    """What one pickle needs, and nothing beside."""
    (tmp_path / "model.pkl").write_bytes(b"\x80\x04N.")
    seen = imported(f"import weighbridge.commands.scan, weighbridge\nweighbridge.scan({str(tmp_path)!r})")
    assert not seen.intersection(HEAVY)
    assert "weighbridge.engines.airs" not in seen


def test_the_library_imports_nothing_until_it_weighs():
    """`import weighbridge` costs next to nothing."""
    assert {name for name in imported("import weighbridge") if name.startswith("weighbridge")} == {"weighbridge"}


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder of formats with an index of the real shelf beside it, as a build makes it."""
    folder = Path(formats.__file__).parent
    for path in folder.glob("*.py"):
        if path.name != _signs.INDEX:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    signs = [_signs.sign_of(module, SHELF.load(module)) for module in SHELF.names()]
    (tmp_path / _signs.INDEX).write_text(_signs.written(signs, _signs.files(str(tmp_path))))
    made = {}
    exec((tmp_path / _signs.INDEX).read_text(), made)
    stand_in = type(sys)("weighbridge.formats._index")
    stand_in.__dict__.update(made)
    monkeypatch.setitem(sys.modules, "weighbridge.formats._index", stand_in)
    monkeypatch.setattr(formats, "_index", stand_in, raising=False)
    return tmp_path, tuple(signs)


def test_index_that_fits_is_believed(shelf):
    """It says what the shelf itself would say."""
    folder, signs = shelf
    assert _signs.indexed([str(folder)]) == signs


@pytest.mark.parametrize("change", ["added", "removed", "longer", "younger"])
def test_index_that_does_not_fit_is_not_believed(shelf, change):
    """A format that was added or changed since must not be passed over."""
    folder, _ = shelf
    if change == "added":
        (folder / "novel.py").write_text("FORMAT = None\n")
    elif change == "removed":
        (folder / "gguf.py").unlink()
    elif change == "longer":
        (folder / "gguf.py").write_text((folder / "gguf.py").read_text() + "\n")
    else:
        later = time.time() + 2 * _signs.GRACE
        os.utime(folder / "gguf.py", (later, later))
    assert _signs.indexed([str(folder)]) is None


def test_no_index_is_no_fault(tmp_path):
    """Then every format is imported."""
    assert _signs.indexed([str(tmp_path)]) is None


@pytest.mark.parametrize("module", SHELF.names())
def test_sign_leaves_out_nothing_that_the_format_knows(module):
    """What a sign excludes, the format itself would not recognise: heads of every first byte, and its own magic."""
    from weighbridge.artifact.blob import Blob
    from weighbridge.artifact.limits import Limits

    entry = SHELF.load(module)
    sign = _signs.sign_of(module, entry)
    tails = [b"\0" * 600, b'{"a": 1}' * 80, b"a b 1 2 3\n" * 60, bytes(range(256)) * 3]
    heads = [bytes([first]) + tail for first in range(256) for tail in tails]
    heads += [b"\x40\0\0\0\0\0\0\0" + bytes([ninth]) + tails[1] for ninth in range(256)]
    asked = question([sign], "")
    for head in heads:
        blob = Blob("model", head, Limits())
        if entry.recognises(head[:4096], blob) and not entry.weak:
            assert sign.begins(head[0])
            assert sign in asked.worth_asking(head[:4096], blob)
