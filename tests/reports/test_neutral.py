"""Names of an artifact's choosing act on nobody: no terminal, no agent, no reader's eye, no browser."""

import json
import re
import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.runs import blocked
from weighbridge.policy.verdict import Run
from weighbridge.reports import SHELF
from weighbridge.reports._neutral import neutral

HOSTILE = (
    "a\n##vso[task.complete result=Succeeded;]done.pkl",
    "##vso[task.setvariable variable=PATH]/tmp",
    "x##vso[task.complete result=Succeeded;]",
    "##[error]no",
    "\r\n::set-output name=verdict::ALLOWED",
    "::error file=a::b",
    "\x1b[2J\x1b[1;1H[ALLOWED] model",
    "\x9b2Jmodel",
    "model\u202egnp.pkl",
    "mo\u200bdel.pkl",
    "<script>alert(1)</script>",
    "]]><x/>&amp;",
    "![x](http://example.invalid/a)",
    "a|b|c",
    "\ud800half",
    "\U000e0041tag",
    "a" * 100_000,
)
TEXTS = st.text(st.characters(), max_size=60) | st.sampled_from(HOSTILE)
AGENT = re.compile(r"##vso\[|##\[|^\s*::", re.M)


def hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char != "\n"


@pytest.mark.parametrize("name", SHELF.names())
@settings(max_examples=150, deadline=None)
@given(model=TEXTS, path=TEXTS, called=TEXTS)
def test_no_name_gives_a_command(name, model, path, called):
    """Whatever a model, a file and a callable are named, no report holds a command that the run did not give."""
    run = Run((blocked(model or "m", path or "p", called or "c"),))
    text = SHELF.load(name).render(run)
    own = re.sub(r"^##vso\[task\.(logissue|complete) [^\]\n]*\]", "", text, flags=re.M)
    assert not AGENT.search(own)
    assert not any(hidden(char) for char in text)
    assert text.count("##vso[task.complete") == (1 if name == "azure_devops" else 0)


@settings(max_examples=200, deadline=None)
@given(model=TEXTS, path=TEXTS)
def test_every_report_for_programs_stays_well_formed(model, path):
    """JSON stays JSON, SARIF JSON, JUnit XML."""
    run = Run((blocked(model or "m", path or "p"),))
    assert json.loads(SHELF.load("json").render(run))["outcome"] == "BLOCKED"
    json.loads(SHELF.load("sarif").render(run))
    suites = ElementTree.fromstring(SHELF.load("junit").render(run))
    assert len(suites.findall(".//failure")) == 1


@pytest.mark.parametrize("text", ["model.pkl", "weights/größe.pt", "模型.safetensors", "a b"])
def test_honest_names_stay_as_they_are(text):
    """What harms nobody is told unchanged."""
    assert neutral(text) == text


def test_long_text_is_cut():
    """A name may be a megabyte long; a line may not."""
    assert len(neutral("a" * 10_000)) <= 300
