"""The pages say what the code does: tables are made from it, examples are run, links lead somewhere."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import weighbridge
from weighbridge.artifact.limits import BOUNDS, DEPTH
from weighbridge.engines.static.catalogue import entries, threats_of
from weighbridge.formats import SHELF
from weighbridge.policy.security_group import BUILT_IN
from weighbridge.reports import SHELF as REPORTS
from weighbridge.settings.configuration import load

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def named(path):
    return str(path.relative_to(ROOT))


def blocks(kind):
    """Every fenced block of that kind, with the page it stands in."""
    found = [(path, text) for path in PAGES for name, text in FENCE.findall(path.read_text()) if name == kind]
    return [pytest.param(text, id=f"{named(path)} {n}") for n, (path, text) in enumerate(found)]


@pytest.mark.parametrize("module", SHELF.names())
def test_every_format_has_its_page(module):
    """With every code that the format can name."""
    page = (ROOT / "docs" / "formats" / f"{module}.md").read_text()
    assert page.startswith("# ")
    for words in ("hat it is", "hat can hide in it", "hat to do"):
        assert words in page
    missing = [threat.code for threat in threats_of(module) if threat.code not in page]
    assert not missing


def test_tables_are_those_of_the_code():
    """`make docs` writes them."""
    spec = importlib.util.spec_from_file_location("tables", ROOT / "tools" / "tables.py")
    assert spec and spec.loader
    tables = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tables)
    for path, text in tables.pages().items():
        assert path.read_text() == text, f"{path.name} is stale: make docs"


def test_every_threat_says_what_and_what_to_do():
    """A code without an explanation helps nobody."""
    assert not [code for code, (threat, _) in entries().items() if len(threat.what) < 40 or len(threat.remedy) < 15]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page):
    """Within the project; others are not followed."""
    links = [link for link in LINK.findall(page.read_text()) if "://" not in link]
    assert not [link for link in links if not (page.parent / link).exists()]


def test_every_report_and_limit_and_group_is_told():
    """The pages name all that can be named."""
    reports, configuration = ((ROOT / "docs" / name).read_text() for name in ("reports.md", "configuration.md"))
    assert all(f"`{name}`" in reports for name in REPORTS.names())
    assert all(f"`{name}`" in configuration for name in [*BOUNDS, "depth", *BUILT_IN])
    assert f"| {DEPTH} |" in configuration


@pytest.mark.parametrize("text", blocks("toml"))
def test_configurations_load(text, tmp_path):
    """An example that does not load teaches a fault."""
    path = tmp_path / "weighbridge.toml"
    path.write_text(text)
    load(str(path))


@pytest.fixture
def checkout(tmp_path):
    """A folder with what the examples use, and the programs of this environment first in PATH."""
    for name in ("airs_artifact_scan.py", "test-models/make_test_models.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    subprocess.run([sys.executable, "test-models/make_test_models.py"], cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "models").symlink_to(tmp_path / "test-models" / "out")
    return tmp_path


def shell(command, folder):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environ = {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=environ, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


@pytest.mark.parametrize("text", blocks("console"))
def test_examples_print_what_they_show(text, checkout):
    """Each `$ command` is run in turn; what stands under it is what it prints (`...`: whatever it prints)."""
    sessions = [part.partition("\n") for part in re.split(r"^\$ ", text, flags=re.M) if part]
    before = ":"
    for command, _, shown in sessions:
        printed = shell(f"({before}) >/dev/null 2>&1; {command}", checkout)
        if shown.strip() != "...":
            assert printed == shown
        before = command


@pytest.mark.parametrize("text", blocks("python"))
def test_library_examples_run(text, checkout, monkeypatch, capsys):
    """As they stand."""
    monkeypatch.chdir(checkout)
    exec(compile(text, "example", "exec"), {})
    assert "BLOCKED ['posix.system'" in capsys.readouterr().out


def test_version_is_one():
    """The program and the change log speak of the same thing."""
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text() or weighbridge.__version__ in PAGES
