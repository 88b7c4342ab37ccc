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

Watch = Callable[[str], None]  # told the name of each model before it is weighed


def unwatched(name: str) -> None:
    """Nobody looks on."""


def scan(settings: Settings, watch: Watch = unwatched) -> Run:
    """Every model at every address, past every engine."""
    engines = {name: ENGINES.load(name).open(settings.group, settings.options(name)) for name in settings.engines}
    verdicts: list[Verdict] = []
    errors: list[GateError] = []
    for address in settings.addresses:
        try:
            for model in models(address, settings):
                watch(model.name)
                verdicts += [weigh(model, name, scales, settings) for name, scales in engines.items()]
        except GateError as error:
            errors.append(error)
    return Run(tuple(verdicts), tuple(errors), settings.facts)


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
    if settings.block_on_errors and verdict.eval_outcome is EvalOutcome.ERROR:
        note = "it could not be weighed, and errors block (--block-on-errors)"
        return verdict._replace(eval_outcome=EvalOutcome.BLOCKED, notes=(*verdict.notes, note))
    return verdict
