"""What each report says of a run that holds one of everything."""

import pytest

from tests.builders.runs import mixed
from weighbridge.policy.verdict import Run
from weighbridge.reports import SHELF


@pytest.mark.parametrize("name", SHELF.names())
def test_report_of_a_mixed_run(name, golden):
    """A change of a report is a change that somebody sees."""
    report = SHELF.load(name)
    golden(report.file.replace("weighbridge", name, 1), report.render(mixed()).replace("0.1.0", "VERSION"))


@pytest.mark.parametrize("name", SHELF.names())
def test_report_of_nothing(name):
    """A run without a model is told as one."""
    text = SHELF.load(name).render(Run())
    assert "ALLOWED -" not in text
    assert text.endswith("\n")
