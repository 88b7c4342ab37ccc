"""Names that a Python source reaches, read without compiling it."""

import pytest

from weighbridge.readers.pythontext import mentions


def names(text: str) -> set[str]:
    return {mention.name for mention in mentions(text)}


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.system('echo')",
        "import os as o; o.system('echo')",
        "from os import system as s\ns('echo')",
        "from os import (\n    path,\n    system,\n)\n",
        "import os, sys\nos . system('echo')",
        "import os\nos.\\\nsystem('echo')",
        "import os\n(os\n .system)('echo')",
        "import os\nrun = os.system",
        "import os\ngetattr(os, 'system')('echo')",
        'import os as x\ngetattr(x, "system")("echo")',
        "import os\nf'{os.system(1)}'",
        "import os\n\uff4f\uff53.system('echo')",
        "if 1: import os; os.system('echo')",
        "def f():\n    from os import system\n",
    ],
)
def test_name_is_told_in_full(text):
    """Aliases, line breaks, quotes within f-strings, wide letters: the name is what Python would look up."""
    assert "os.system" in names(text)


@pytest.mark.parametrize(
    "text",
    [
        "# os.system('x')",
        "'os.system'",
        '"""\nimport os\nos.system(1)\n"""',
        "x.os.system",
        "f'os.system {1}'",
        "r'os.system'",
    ],
)
def test_words_are_no_names(text):
    """Comments, strings, and attributes of something else."""
    assert "os.system" not in names(text)


def test_calls_are_told_with_the_function_around_them():
    """Where in the source it would run."""
    found = {m.name: (m.called, m.inside) for m in mentions("x = a.b\ndef __setstate__(self):\n  torch.save(1)\n")}

    assert found["torch.save"] == (True, "__setstate__")
    assert found["a.b"] == (False, "")


def test_star_is_told_as_a_star():
    """All names of a module at once."""
    assert "os.*" in names("from os import *\nsystem('x')")
