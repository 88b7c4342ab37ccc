"""Shares of one run, put together: nothing that was planned may be missing."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from weighbridge.errors import GateError
from weighbridge.policy.verdict import Run, Verdict

MOST = 20  # models named in one error


def merge(runs: Iterable[Run]) -> Run:
    """One run of all shares.

    A planned model without a verdict of every engine is an error, so are a share that is missing and shares of
    different divisions: an agent that was lost cannot pass for a clean feed. Verdicts given twice stand once.
    """
    given = list(runs)
    if not given:
        raise GateError("no share was given", hint="name the JSON reports of all shares")
    verdicts = sorted(distinct(verdict for run in given for verdict in run.verdicts), key=order)
    planned = tuple(sorted({uri for run in given for uri in run.planned}))
    errors = [error for run in given for error in run.errors]
    errors += [*divided(given), *missing(planned, verdicts)]
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


def missing(planned: Iterable[str], verdicts: list[Verdict]) -> Iterable[GateError]:
    """Models that no engine, or not every engine, has weighed."""
    engines = {verdict.engine for verdict in verdicts}
    given = {(verdict.model.uri, verdict.engine) for verdict in verdicts}
    lost = [uri for uri in planned if not engines or any((uri, engine) not in given for engine in engines)]
    if lost:
        more = f" and {len(lost) - MOST} more" if len(lost) > MOST else ""
        message = f"planned, and without a verdict: {', '.join(lost[:MOST])}{more}"
        yield GateError(message, hint="look at the job that should have weighed it, and run it again")
