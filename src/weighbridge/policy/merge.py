"""Shares of one run, put together: nothing that was planned may be missing."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from weighbridge.errors import GateError
from weighbridge.policy.verdict import Run, Verdict

MOST = 20  # models named in one error


def merge(runs: Iterable[Run]) -> Run:
    """One run of all shares.

    A planned model without a verdict of every engine is an error, so are a share that is missing, shares of different
    divisions, and shares that were judged differently: an agent that was lost cannot pass for a clean feed, nor can one
    that weighed by other rules. Verdicts given twice stand once.
    """
    given = list(runs)
    if not given:
        raise GateError("no share was given", hint="name the JSON reports of all shares")
    verdicts = sorted(distinct(verdict for run in given for verdict in run.verdicts), key=order)
    planned = tuple(sorted({uri for run in given for uri in run.planned}))
    errors = [error for run in given for error in run.errors]
    errors += [*divided(given), *judged(given), *strange(given, verdicts), *missing(planned, verdicts)]
    facts = {name: fact for run in given for name, fact in run.facts.items()}
    return Run(tuple(verdicts), tuple(errors), MappingProxyType(facts), planned=planned)


def order(verdict: Verdict) -> tuple[str, str, str, str]:
    return (verdict.model.uri, verdict.model.name, verdict.model.version or "", verdict.engine)


def distinct(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Each verdict once; two that differ both stand, and the worse one decides."""
    found: dict[tuple[str, str, str, str], list[Verdict]] = {}
    for verdict in verdicts:
        same = found.setdefault(order(verdict), [])
        if verdict not in same:
            same.append(verdict)
    return [verdict for same in found.values() for verdict in same]


def divided(runs: list[Run]) -> Iterable[GateError]:
    """What is wrong with the division itself."""
    shares = [run.shard.partition("/") for run in runs if run.shard]
    totals = sorted({of for _, _, of in shares})
    if shares and len(shares) < len(runs):
        yield GateError("some reports are shares, and some are not", hint="merge the reports of one run alone")
    if len(totals) > 1:
        yield GateError(f"the shares are of {' and of '.join(totals)}", hint="merge the shares of one run alone")
    elif totals and (lost := sorted(set(range(1, int(totals[0]) + 1)) - {int(number) for number, _, _ in shares})):
        named = ", ".join(f"{number}/{totals[0]}" for number in lost)
        yield GateError(f"missing: the share {named}", hint="look at the job that should have weighed it")


def judged(runs: list[Run]) -> Iterable[GateError]:
    """Shares of one run are weighed by one version of the rules, and judged by one security group."""
    shares = [run for run in runs if run.shard]
    for fact, called in (("rules", "versions of the rules"), ("judged_by", "security groups")):
        if len({run.facts.get(fact, "") for run in shares}) > 1:
            hint = "let every agent install the same version and read the same configuration, and weigh again"
            yield GateError(f"the shares were weighed by different {called}", hint=hint)


def strange(runs: list[Run], verdicts: list[Verdict]) -> Iterable[GateError]:
    """Verdicts that do not belong: on what their share did not plan, or on another content under one name."""
    foreign = sorted(
        {v.model.uri for run in runs if run.shard for v in run.verdicts} - {u for r in runs for u in r.planned}
    )
    if foreign:
        hint = "merge the reports of one run alone"
        yield GateError(f"weighed, and planned by no share: {', '.join(foreign[:MOST])}", hint=hint)
    contents: dict[str, set[tuple[str, ...]]] = {}
    for verdict in verdicts:
        identity = verdict.model.identity
        if "super_root_id" in identity:
            known = (identity.get("manifest_id", ""), identity["super_root_id"])
            contents.setdefault(verdict.model.uri, set()).add(known)
    for uri in sorted(uri for uri, known in contents.items() if len(known) > 1)[:MOST]:
        hint = "a version of a package never changes: look at the feed, and weigh again"
        yield GateError(f"two contents were weighed as {uri}", hint=hint)


def missing(planned: Iterable[str], verdicts: list[Verdict]) -> Iterable[GateError]:
    """Models that no engine, or not every engine, has weighed."""
    engines = {verdict.engine for verdict in verdicts}
    given = {(verdict.model.uri, verdict.engine) for verdict in verdicts}
    lost = [uri for uri in planned if not engines or any((uri, engine) not in given for engine in engines)]
    if lost:
        more = f" and {len(lost) - MOST} more" if len(lost) > MOST else ""
        message = f"planned, and without a verdict: {', '.join(lost[:MOST])}{more}"
        yield GateError(message, hint="look at the job that should have weighed it, and run it again")
