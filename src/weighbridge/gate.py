"""Every model past every engine: the whole story on one screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from weighbridge.artifact.model import Model
from weighbridge.engines import SHELF as ENGINES
from weighbridge.engines import Scales
from weighbridge.errors import GateError
from weighbridge.policy.verdict import EvalOutcome, ModelName, Run, Verdict
from weighbridge.settings import Settings
from weighbridge.sources import SHELF as SOURCES
from weighbridge.sources import scheme_of
from weighbridge.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from weighbridge.ledger import Ledger
    from weighbridge.policy.share import Share

Watch = Callable[[str], None]  # told the name of each model before it is weighed


def unwatched(name: str) -> None:
    """Nobody looks on."""


def scan(settings: Settings, watch: Watch = unwatched) -> Run:
    """Every model at every address, past every engine."""
    path = settings.options("ledger").get("file")
    if not path:
        return scanned(settings, watch, None)
    from weighbridge import ledger

    with ledger.opened(path) as kept:
        return scanned(settings, watch, kept)


def scanned(settings: Settings, watch: Watch, kept: Ledger | None) -> Run:
    """The same, with the ledger that the settings name; None where they name none."""
    verdicts: list[Verdict] = []
    errors: list[GateError] = []
    planned: list[str] = []
    share = shared(settings)
    engines = {name: opened(name, settings, kept) for name in settings.engines}
    for address in settings.addresses:
        try:
            for model in models(address, settings):
                planned.append(model.uri)
                if share is None or share.takes(model.uri):
                    watch(model.name)
                    verdicts += [weigh(model, name, scales, settings) for name, scales in engines.items()]
        except GateError as error:
            errors.append(error)
    facts = {**settings.facts, "remembered": str(kept.recalled)} if kept and kept.recalled else settings.facts
    if share is None or not str(share):
        return Run(tuple(verdicts), tuple(errors), facts)
    return Run(tuple(verdicts), tuple(errors), {**facts, **judging(settings)}, str(share), tuple(planned))


def shared(settings: Settings) -> Share | None:
    """The share of the work that falls to this agent; None where all of it does."""
    asked = settings.options("shard").get("share")
    if not asked:
        return None
    from weighbridge.policy.share import share_of

    return share_of(asked)


def judging(settings: Settings) -> dict[str, str]:
    """By what a share was weighed: shares that differ in it are not merged."""
    from weighbridge.ledger import digest, rules

    return {"rules": rules(), "judged_by": digest(settings.group)}


def opened(name: str, settings: Settings, kept: Ledger | None) -> Scales:
    """An engine, ready to weigh; one whose word the ledger may keep asks it first."""
    engine, options = ENGINES.load(name), settings.options(name)
    scales = engine.open(settings.group, options)
    return kept.remembering(scales, name, settings.group, options) if kept and engine.repeatable else scales


def models(address: str, settings: Settings) -> Iterator[Model]:
    """What lies at an address; nothing there is an error, for a gate that weighed nothing has allowed nothing."""
    scheme, rest = scheme_of(address)
    found = False
    with SOURCES.load(scheme).open(rest, settings.options(scheme)) as source:
        for model in source.models():
            found = True
            yield model
    if not found:
        raise GateError(
            f"no model was found at {address}", hint="check the address, or name a file or folder that holds one"
        )


def weigh(model: Model, name: str, scales: Scales, settings: Settings) -> Verdict:
    """One verdict, whatever happens: an engine that fails has not allowed anything."""
    try:
        verdict = scales.scan(model)
    except GateError as error:
        about = ModelName(model.name, model.version, model.uri, model.identity)
        verdict = Verdict.unanswered(about, name, settings.group.name, error)
    if notes := getattr(model, "notes", ()):
        verdict = verdict._replace(notes=(*verdict.notes, *notes))
    if settings.block_on_errors and verdict.eval_outcome is EvalOutcome.ERROR:
        note = "it could not be weighed, and errors block (--block-on-errors)"
        return verdict._replace(eval_outcome=EvalOutcome.BLOCKED, notes=(*verdict.notes, note))
    return verdict
