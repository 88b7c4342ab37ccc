"""What Python finds by itself beside a model: site files, shadows, requirements; and notebooks."""

import json

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from weighbridge.policy.security_group import DEFAULT
from weighbridge.policy.verdict import EvalOutcome


def told(verdict):
    return [finding.threat.code for finding in verdict.reported]


@pytest.mark.parametrize("text", [b"import os; os.system('echo')\n", b"/x\r\nimport\tos\n", b"\xef\xbb\xbfimport os\n"])
def test_site_file_runs_at_every_start(text):
    """site executes lines that begin with import and a blank."""
    found = assert_blocked(weighed(text, "x.pth"))
    assert (found.threat.code, text[found.location.offset :][:6]) == ("SITE-401", b"import")


def test_site_file_of_paths_passes():
    """Folders, and words that only begin alike."""
    verdict = weighed(b"/opt/lib\n# import os\nimportant\n./lib\n", "x.pth")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("collections.py", "SHADOW-401"),
        ("torch/__init__.py", "SHADOW-401"),
        ("_codecs.py", "SHADOW-401"),
        ("numpy.pyw", "SHADOW-401"),
        ("sitecustomize.py", "SHADOW-402"),
        ("lib/usercustomize.py", "SHADOW-402"),
    ],
)
def test_module_in_anothers_place(path, code):
    """ShadowPickle's overwritten module: harmless names that resolve to the model's own file."""
    found = assert_blocked(weighed({path: b"class OrderedDict: pass\n", "config.json": b"{}"}))
    assert (found.threat.code, found.location.path) == (code, path)


@pytest.mark.parametrize(
    "path",
    [
        "modeling_bert.py",
        "test.py",
        "evaluate.py",
        "parser.py",
        "src/collections.py",
        "lib/numpy.py",
        "code/__init__.py",
    ],
)
def test_modules_of_their_own_names_pass(path):
    """Also one that bears a known name, where nobody looks for it."""
    verdict = weighed({path: b"x = 1\n", "config.json": b"{}"})
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


def test_shadow_is_approved_by_name():
    """A team that answers for it says so."""
    group = DEFAULT._replace(approved_callables=frozenset({"six.*"}))
    assert weighed({"six.py": b"x = 1\n"}, group=group).eval_outcome is EvalOutcome.ALLOWED


REQUIREMENTS = {
    "extra index": ("requirements.txt", "torch\n--extra-index-url https://packages.example.net/simple\n", "REQ-401"),
    "short index": ("requirements.txt", "-i http://203.0.113.9/simple\nnumpy\n", "REQ-401"),
    "index of a maker, without TLS": ("requirements.txt", "--index-url http://download.pytorch.org/whl\n", "REQ-401"),
    "branch": ("requirements.txt", "git+https://example.net/x/y.git@main\n", "REQ-402"),
    "named address": ("requirements-dev.txt", "x @ https://example.net/x.whl\n", "REQ-402"),
    "bare address": ("requirements.txt", "https://example.net/x.tar.gz\n", "REQ-402"),
    "conda": ("environment.yml", "dependencies:\n  - pip:\n    - git+https://example.net/x/y\n", "REQ-402"),
    "mlflow": ("conda.yaml", "dependencies:\n- pip:\n  - --extra-index-url https://example.net/s\n", "REQ-401"),
    "pyproject": ("pyproject.toml", '[project]\ndependencies = ["x @ git+https://example.net/x"]\n', "REQ-402"),
    "poetry": ("pyproject.toml", '[tool.poetry.dependencies]\nx = {git = "https://example.net/x"}\n', "REQ-402"),
}


@pytest.mark.parametrize(("path", "text", "code"), REQUIREMENTS.values(), ids=REQUIREMENTS)
def test_requirements_from_elsewhere(path, text, code):
    """Each at its place."""
    assert assert_blocked(weighed(text.encode(), path), path=path).threat.code == code


HONEST_REQUIREMENTS = {
    "names": ("requirements.txt", "torch>=2.0\nnumpy==1.26  # see https://example.net\n-r base.txt\n", []),
    "maker": ("requirements.txt", "--extra-index-url https://download.pytorch.org/whl/cu118\ntorch\n", ["REQ-403"]),
    "commit": ("requirements.txt", f"git+https://github.com/a/b@{'a1' * 20}\n", ["REQ-403"]),
    "home page": ("pyproject.toml", '[project.urls]\nHomepage = "https://example.net"\n', []),
    "conda": ("environment.yml", "channels:\n  - conda-forge\ndependencies:\n  - python=3.11\n  - pip\n", []),
    "another text": ("README.md", "pip install --extra-index-url https://example.net/simple x\n", []),
}


@pytest.mark.parametrize(("path", "text", "codes"), HONEST_REQUIREMENTS.values(), ids=HONEST_REQUIREMENTS)
def test_honest_requirements_pass(path, text, codes):
    """Told at most."""
    verdict = weighed(text.encode(), path)
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert told(verdict) == codes


def notebook(*sources, outputs=()):
    cells = [{"cell_type": "code", "source": source, "outputs": list(outputs)} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (["import base64\n", "exec(base64.b64decode('cHJpbnQoMSk='))"], "PY-402"),
        ("open('/root/.ssh/authorized_keys', 'a').write('x')", "PY-406"),
        ("!bash -i >& /dev/tcp/127.0.0.1/1 0>&1", "PY-407"),
        ("%%bash\nnc 127.0.0.1 1 -e /bin/sh", "PY-407"),
    ],
)
def test_hostile_cell(source, code):
    """Whoever runs it, it is hostile; the cell is named."""
    found = assert_blocked(weighed(notebook("x = 1", source), "demo.ipynb"), path="demo.ipynb!cell 1")
    assert found.threat.code == code


def test_honest_notebook_is_told():
    """Installing, downloading and running programs is what people do in notebooks."""
    data = notebook(
        "!pip install -q transformers\n%matplotlib inline",
        "import subprocess\nsubprocess.run(['nvidia-smi'])",
        "import requests\nr = requests.get('https://example.net')\n",
        outputs=[{"data": {"text/html": ["<script>plot()</script>"]}}],
    )
    verdict = weighed(data, "demo.ipynb")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert sorted(told(verdict)) == ["NB-401", "NB-402"]


@pytest.mark.parametrize("path", ["setup.py", "hubconf.py", "handler.py"])
def test_who_runs_it_is_told(path):
    """By its name alone."""
    assert told(weighed(b"x = 1\n", path)) == ["PY-412"]


@pytest.mark.parametrize("text", ["git+" * 200_000, "-f" + " " * 800_000, "https://a " * 80_000])
def test_requirements_that_cost(text):
    """Each is read in time that grows with its length alone."""
    verdict = weighed(text.encode(), "requirements.txt")
    assert not verdict.error
