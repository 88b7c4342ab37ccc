"""JUnit: a suite for each model, a case for each rule. Any CI host shows it."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.policy.verdict import EvalOutcome, RuleEvaluation, RuleResult, RuleState, Run, Verdict
from weighbridge.policy.weighing import Weighing, weighings
from weighbridge.reports import Report
from weighbridge.reports._neutral import neutral
from weighbridge.reports._words import label, linked, read_of, violation, weighed, worst_first


def render(run: Run) -> str:
    """Well-formed whatever the names: XML 1.0 has no way to write most control characters, so none is left."""
    suites = [line for verdict in run.verdicts for line in suite(verdict)]
    suites += [line for weighing in weighings(run.verdicts) for line in compared(weighing)]
    for error in run.errors:
        suites += ['  <testsuite name="weighbridge" tests="1" errors="1">', '    <testcase name="run">']
        suites += [f"      <error {attribute('message', error.message)}/>", "    </testcase>", "  </testsuite>"]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", *suites, "</testsuites>", ""])


def compared(weighing: Weighing) -> Iterator[str]:
    """A suite that says where the engines differ; it fails nothing, for each engine's own suite does."""
    name = label(weighing.verdicts[0])
    yield f'  <testsuite {attribute("name", f"{name}: engines")} tests="1" failures="0" errors="0">'
    yield f'    <testcase {attribute("classname", name)} name="engines side by side">'
    said = "\n".join([weighing.said, *(difference.said for difference in weighing.differences)])
    yield f"      <system-out>{content(said)}</system-out>"
    yield "    </testcase>"
    yield "  </testsuite>"


def suite(verdict: Verdict) -> Iterator[str]:
    cases = [line for evaluation in verdict.evaluations for line in case(verdict, evaluation)]
    failures = sum(failed(evaluation) for evaluation in verdict.evaluations)
    broken = verdict.eval_outcome is EvalOutcome.ERROR or bool(verdict.error)
    tests = len(verdict.evaluations) + broken
    counts = f'tests="{tests}" failures="{failures}" errors="{int(broken)}"'
    yield f"  <testsuite {attribute('name', weighed(verdict))} {counts}>"
    yield from properties(verdict)
    yield from cases
    if broken:
        yield f'    <testcase {attribute("classname", weighed(verdict))} name="weighed">'
        yield f"      <error {attribute('message', verdict.error or 'no answer')}/>"
        yield "    </testcase>"
    yield "  </testsuite>"


def properties(verdict: Verdict) -> Iterator[str]:
    """What a test page can show beside a suite: how much was read, and another engine's name and page."""
    told = {"bytes read": read_of(verdict.files)}
    if verdict.engine != "static":
        told |= {"engine": verdict.engine, "engine version": verdict.engine_version, "link": linked(verdict)}
    lines = [
        f"      <property {attribute('name', n)} {attribute('value', value)}/>" for n, value in told.items() if value
    ]
    if lines:
        yield from ("    <properties>", *lines, "    </properties>")


def failed(evaluation: RuleEvaluation) -> bool:
    return evaluation.result is RuleResult.FAILED and evaluation.state is RuleState.BLOCKING


def case(verdict: Verdict, evaluation: RuleEvaluation) -> Iterator[str]:
    """A rule that failed without blocking passes here, and says what it saw."""
    yield f"    <testcase {attribute('classname', weighed(verdict))} {attribute('name', evaluation.rule.title)}>"
    said = "\n".join(f"{violation(finding)}: {finding.message}" for finding in worst_first(evaluation.violations))
    if failed(evaluation):
        found = worst_first(evaluation.violations)
        first = violation(found[0]) if found else f"{evaluation.rule.title} has failed, and no violation of it is told"
        yield f"      <failure {attribute('message', first)}>{content(said)}</failure>"
    elif said:
        yield f"      <system-out>{content(said)}</system-out>"
    yield "    </testcase>"


def content(text: str) -> str:
    lines = [neutral(line) for line in text.split("\n")]
    return "\n".join(lines).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(name: str, value: str) -> str:
    return f'{name}="{content(neutral(value)).replace(chr(34), "&quot;")}"'


REPORT = Report("junit", render, "weighbridge.xml")
