"""A module that is imported late is the one that the type checker was shown, and comes when it is asked for."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from weighbridge.late import Late

SOURCE = Path(__file__).parents[1] / "src" / "weighbridge"
LATE = {
    str(path.relative_to(SOURCE)): path
    for path in sorted(SOURCE.rglob("*.py"))
    if path.name != "late.py" and re.search(r"= Late\(", path.read_text())
}


def test_imported_when_asked():
    """Not before; and what it gives is what the module holds."""
    code = (
        "import sys; from weighbridge.late import Late; late = Late('json.scanner')\n"
        "before = 'json' in sys.modules; py = late.py_make_scanner; import json.scanner\n"
        "print(before, py is json.scanner.py_make_scanner is late.py_make_scanner)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_what_the_module_does_not_hold_is_an_error():
    """And stays one."""
    for _ in range(2):
        with pytest.raises(AttributeError):
            _ = Late("json").absent


@pytest.mark.parametrize("name", LATE)
def test_stand_in_is_what_the_checker_sees(name):
    """Both branches bind the same names to the same modules."""
    [block] = [
        node
        for node in ast.parse(LATE[name].read_text()).body
        if isinstance(node, ast.If) and any(isinstance(one, ast.Assign) for one in node.orelse)
    ]
    seen = {alias.name: f"{one.module}.{alias.name}"
            for one in block.body if isinstance(one, ast.ImportFrom) for alias in one.names}  # fmt: skip
    stand_ins = {one.targets[0].id: one.value.args[0].value for one in block.orelse if isinstance(one, ast.Assign)}
    assert stand_ins and stand_ins.items() <= seen.items()
