"""The sources of packages are read for classes whose rebuilding is a deed; no package is imported."""

import importlib.util
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from weighbridge.policy.callables import Effect, effect_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def families() -> ModuleType:
    spec = importlib.util.spec_from_file_location("families", ROOT / "tools" / "families.py")
    module = sys.modules["families"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheel(folder: Path, **modules: str) -> Path:
    """A wheel of a package `lab`, with these modules."""
    path = folder / "lab-1.2-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("lab/__init__.py", "raise SystemExit('it was imported')")
        for name, text in modules.items():
            archive.writestr(f"lab/{name}.py", text)
    return path


DEEDS = {
    "text run in __setstate__": "class C:\n def __setstate__(self, state):\n  exec(state['text'])",
    "a file removed in __del__": "import os\nclass C:\n def __del__(self):\n  os.remove(self.path)",
    "a pickle loaded in __setstate__": "import pickle\nclass C:\n def __setstate__(self, s):\n  pickle.loads(s)",
    "an import in __getattr__": "import importlib\nclass C:\n def __getattr__(self, n):\n"
    "  return getattr(importlib.import_module(self.name), n)",
    "a deed two calls away": "import shutil\nclass C:\n def __del__(self):\n  self.close()\n"
    " def close(self):\n  tidy(self.p)\n"
    "def tidy(p):\n shutil.rmtree(p)",
    "a deed of the base": "class B:\n def __setstate__(self, s):\n  self.setup()\n def setup(self):\n  pass\n"
    "class C(B):\n def setup(self):\n  eval(self.text)",
    "a deed by super()": "class B:\n def __setstate__(self, s):\n  exec(s)\n"
    "class C(B):\n def __setstate__(self, s):\n  super().__setstate__(s)",
    "a file opened in __new__": "class C:\n def __new__(cls, path):\n  open(path, 'w')\n  return object.__new__(cls)",
    "what the state holds is called": "class C:\n def __setitem__(self, k, v):\n  self.hook(k)",
}


@pytest.mark.parametrize("text", DEEDS.values(), ids=DEEDS)
def test_class_whose_rebuilding_is_a_deed_is_found(families, tmp_path, text):
    """By any of the methods that an unpickler calls, however far away the deed stands."""
    found = families.review([wheel(tmp_path, core=text)])
    assert ("lab.core", "C") in found


@pytest.mark.parametrize(
    "text",
    [
        "class C:\n def __setstate__(self, state):\n  self.__dict__.update(state)",
        "import os\nclass C:\n def save(self):\n  os.remove(self.path)",
        "import os\nclass C:\n def __setstate__(self, s):\n  self.p = os.path.join(s, 'x')",
        "class C(",
    ],
    ids=["plain state", "a deed that nobody calls", "a path", "no Python"],
)
def test_honest_class_is_not_found(families, tmp_path, text):
    """Neither is a file that this Python cannot read an end to the review."""
    assert not families.review([wheel(tmp_path, core=text)])


def test_table_keeps_what_was_written_by_hand(families, tmp_path):
    """The generated part stands first and is written anew; it tells the versions that were read."""
    table = tmp_path / "lab.txt"
    table.write_text("# Lab.\nrebuilt lab.** Caps\n")
    made = wheel(tmp_path, core=DEEDS["text run in __setstate__"])
    for _ in range(2):
        families.write(table, [made])
    lines = table.read_text().splitlines()
    assert "1.2" in lines[0]
    assert lines[1:] == ["denied lab.core C", families.BY_HAND, "# Lab.", "rebuilt lab.** Caps"]


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("transformers.integrations.integration_utils", "NeptuneCallback"),
        ("torch.cuda.gds", "GdsFile"),
        ("tensorflow.python.util.lazy_loader", "LazyLoader"),
        ("keras.src.utils.module_utils", "LazyModule"),
    ],
)
def test_what_was_found_in_frameworks_is_denied(module, name):
    """Property-oriented gadgets: a destructor that removes a folder or closes a file, a look-up that imports."""
    assert effect_of(module, name) is Effect.DENIED


def test_every_table_of_a_package_tells_what_it_was_read_from():
    """Provenance: the versions, in the first line."""
    tables = (ROOT / "src/weighbridge/policy/callables/tables").glob("*.txt")
    named = {table.stem for table in tables if table.stem not in ("stdlib", "others")}
    listed = (ROOT / "tools" / "families.txt").read_text().replace("-cpu", "").replace("-", "_").split()
    packages = {line.partition("==")[0].replace("scikit_learn", "sklearn") for line in listed if "==" in line}
    assert named == packages
    for name in sorted(named):
        first = (ROOT / f"src/weighbridge/policy/callables/tables/{name}.txt").read_text().splitlines()[0]
        assert first.startswith("# Read from ")
