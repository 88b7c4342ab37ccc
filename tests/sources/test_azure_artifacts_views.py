"""Promotion of versions that were weighed: only what is ALLOWED, only what is still the same."""

import pytest

from tests.builders import torch
from tests.stand_ins.azure_devops import PAT, Said
from weighbridge.errors import GateError
from weighbridge.gate import scan
from weighbridge.outside.http import Door
from weighbridge.settings import Settings
from weighbridge.sources.azure_artifacts.credentials import here
from weighbridge.sources.azure_artifacts.service import Service
from weighbridge.sources.azure_artifacts.views import promote


@pytest.fixture
def weighed(organisation):
    """Verdicts on a feed of a good and a bad package."""
    feed = organisation.feed()
    organisation.publish(feed, "good", "1.0.0", {"notes.md": b"words\n"})
    organisation.publish(feed, "bad", "1.0.0", {"model.pkl": torch.EVIL})
    return scan(Settings((f"azure-artifacts:{organisation.url}/ml/models",))).verdicts


def serve(url):
    return Service(url, here(), Door())


def test_allowed_version_is_promoted_and_blocked_one_is_not(organisation, weighed):
    """The view gets what was allowed; what was blocked is told with its reason."""
    bad, good = promote(weighed, "Release", serve, dry_run=False)

    assert (good.allowed, good.done) == (True, True)
    assert (bad.allowed, bad.done, bad.why) == (False, False, "it is BLOCKED by static")
    [(package, version, body)] = organisation.promoted
    assert (package, version) == ("good", "1.0.0")
    assert body == {"views": {"op": "add", "path": "/views/-", "value": "Release"}}


def test_rehearsal_is_the_default_and_changes_nothing(organisation, weighed):
    """It cannot be undone, so it has to be asked for."""
    outcomes = {promotion.allowed: promotion.done for promotion in promote(weighed, "Release", serve)}

    assert outcomes == {True: False, False: False}
    assert not organisation.promoted


def test_content_that_was_exchanged_is_not_promoted(organisation, weighed):
    """What was weighed is what is promoted, or nothing is."""
    organisation.feeds[0].handles["good", "1.0.0"]["superRootId"] = "AB" * 32 + "02"

    outcomes = list(promote(weighed, "Release", serve, dry_run=False))

    assert not organisation.promoted
    assert "another content" in outcomes[1].why


def test_one_engine_that_blocks_is_enough(organisation, weighed):
    """Every verdict on a version must be ALLOWED."""
    good = next(verdict for verdict in weighed if verdict.model.name == "good")
    bad = next(verdict for verdict in weighed if verdict.model.name == "bad")
    other = good._replace(engine="airs", eval_outcome=bad.eval_outcome)

    [outcome] = promote([good, other], "Release", serve, dry_run=False)

    assert outcome.why == "it is BLOCKED by airs" and not organisation.promoted


def test_every_engine_must_have_weighed_what_is_promoted(organisation, weighed):
    """Two engines that allowed two contents have not both allowed either."""
    good = next(verdict for verdict in weighed if verdict.model.name == "good")
    identity = {**good.model.identity, "super_root_id": "AB" * 32 + "02"}
    other = good._replace(engine="airs", model=good.model._replace(identity=identity))

    [outcome] = promote([good, other], "Release", serve, dry_run=False)

    assert "another content" in outcome.why and not organisation.promoted


def test_verdict_without_identity_is_not_promoted(organisation, weighed):
    """A report that does not say what was weighed proves nothing."""
    good = next(verdict for verdict in weighed if verdict.model.name == "good")

    [outcome] = promote([good._replace(model=good.model._replace(identity={}))], "Release", serve, dry_run=False)

    assert not outcome.allowed and not organisation.promoted


def test_promotion_that_is_refused_is_an_error_with_advice(organisation, weighed):
    """A reader may not promote, and is told which role may."""
    organisation.intercept = lambda asked: Said(403) if asked.method == "PATCH" else None

    with pytest.raises(GateError, match="Feed Contributor") as raised:
        list(promote(weighed, "Release", serve, dry_run=False))
    assert PAT not in repr(raised.value.__dict__)


@pytest.mark.parametrize("view", ["", "a/b", "@Release"])
def test_view_that_is_none_is_an_error(weighed, view):
    """A name that would change the request's path is refused."""
    with pytest.raises(GateError, match="is no view"):
        list(promote(weighed, view, serve))
