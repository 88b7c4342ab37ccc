"""The page's table of what can fail: each row is something that a test makes happen."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
HERE = "tests/engines/airs"
REACHED = {  # how a row begins, and the test that reaches it
    "`Packages require a different Python": (f"{HERE}/test_doctor.py", "every_row_of_the_missions_table"),
    "`CalledProcessError": (f"{HERE}/test_install.py", "python_without_venv_is_told"),
    "`Failed to obtain SCM access token`": (f"{HERE}/test_failures.py", "wrong_credentials"),
    "`Failed to retrieve PyPI URL`": (f"{HERE}/test_script.py", "each_failure_has_its_own_message"),
    "an honest model is BLOCKED": (f"{HERE}/test_doctor.py", "relative_paths_are_warned_of"),
    "a feed's download fails": ("tests/sources/test_azure_artifacts_whole.py", "tool_that_fails_tells_why"),
    "`the listing of ... returned 0 packages`": ("tests/sources/test_azure_artifacts.py", "empty_feed_is_an_error"),
    "`-sg is empty`": ("tests/commands/test_empty_group.py", "empty_group_is_no_wish"),
    "`... is refused`": (f"{HERE}/test_failures.py", "no_permission_for_groups"),
    "`source type mismatch`": (f"{HERE}/test_failures.py", "group_of_another_source"),
    "`model-security ... is too old`": (f"{HERE}/test_driving.py", "client_that_is_too_old_says_so"),
    "`did not end within": (f"{HERE}/test_driving.py", "client_that_does_not_end_is_an_error"),
    "`says ALLOWED, and could not read`": (f"{HERE}/test_driving.py", "files_that_were_not_read_are_told"),
    "tokens end too early": (f"{HERE}/test_doctor.py", "clocks"),
}
FOREIGN = ("Packages require", "CalledProcessError", "az artifacts")  # words of others'


def rows():
    page = (ROOT / "docs" / "engines.md").read_text().partition("## When something fails")[2]
    return [line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| ")][1:]


def test_every_row_is_reached_by_a_test():
    """No row without one, and none that is gone from the page."""
    told = rows()
    assert [begins for begins in REACHED if not any(row.startswith(begins) for row in told)] == []
    assert [row for row in told if not row.startswith(tuple(REACHED))] == []
    lost = [name for path, name in REACHED.values() if f"def test_{name}" not in (ROOT / path).read_text()]
    assert lost == []


def test_words_of_the_table_are_those_of_the_code():
    """Whoever searches the page for what the build said finds it."""
    sources = [*ROOT.glob("src/weighbridge/**/*.py"), ROOT / "getPYPIurl.sh"]
    code = "\n".join(path.read_text() for path in sources)
    code = re.sub(r"\{[^{}\n]*\}", "...", code)
    quoted = [words for row in rows() for words in re.findall(r"`([^`]+)`", row) if not words.startswith(FOREIGN)]
    pieces = [piece.strip() for words in quoted for piece in words.split("...") if piece.strip()]
    assert len(pieces) >= 10
    assert [piece for piece in pieces if piece not in code] == []
