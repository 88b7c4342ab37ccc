"""TorchServe archives: the handler, where it lies, and what it does."""

import json

import pytest

from tests.builders.archives import zipped
from tests.builders.cuts import allowed_cuts
from tests.builders.models import assert_blocked, weighed
from tests.builders.torch import archive, checkpoint
from weighbridge.policy.verdict import EvalOutcome

HANDLER = b"class Handler:\n    def handle(self, data, context):\n        return data\n"


def mar(handler: str, *members: tuple[str, bytes], **more: str) -> bytes:
    model = {"modelName": "m", "serializedFile": "m.pt", "handler": handler, "modelVersion": "1.0", **more}
    manifest = {"runtime": "python", "model": model, "archiverVersion": "0.12"}
    weights = archive(checkpoint({"w": 4}))
    return zipped(("MAR-INF/MANIFEST.json", json.dumps(manifest).encode()), ("m.pt", weights), *members)


def codes(verdict):
    return {finding.threat.code for finding in verdict.reported}


def test_handler_of_the_server_is_allowed():
    """Its own handlers are part of the server."""
    verdict = weighed(mar("image_classifier"), "m.mar")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert "pytorch_archive" in verdict.files[0].formats
    assert not {"MAR-401", "MAR-402"} & codes(verdict)


@pytest.mark.parametrize("handler", ["handler.py", "handler", "handler.py:handle", "handler:handle"])
def test_handler_in_the_archive_is_told(handler):
    """The server imports it; nothing is wrong with that."""
    verdict = weighed(mar(handler, ("handler.py", HANDLER)), "m.mar")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert "MAR-401" in codes(verdict)


@pytest.mark.parametrize("handler", ["/tmp/x.py", "../x.py:handle", "other_module:run", "https://h.invalid/x.py"])
def test_handler_elsewhere_is_found(handler):
    """What the server imports then, nobody weighed."""
    found = assert_blocked(weighed(mar(handler), "m.mar"), f"handler.{handler}")

    assert found.threat.code == "MAR-402"


def test_handler_that_runs_a_program_is_found():
    """By the reader of Python, in the archive's own member."""
    data = mar("handler.py", ("handler.py", b"import os\nos.system('echo')\n"))

    assert_blocked(weighed(data, "m.mar"), "os.system", "handler.py")


def test_list_of_packages_is_told_and_one_elsewhere_found():
    """The server installs what it lists."""
    honest = weighed(mar("handler.py", ("handler.py", HANDLER), requirementsFile="requirements.txt"), "m.mar")
    hostile = weighed(mar("handler.py", ("handler.py", HANDLER), requirementsFile="/tmp/r.txt"), "m.mar")

    assert honest.eval_outcome is EvalOutcome.ALLOWED
    assert "MAR-403" in codes(honest)
    assert assert_blocked(hostile).threat.code == "MAR-402"


def test_a_cut_hides_nothing():
    """Wherever the file ends after the handler's name."""
    data = mar("/tmp/x.py")
    assert allowed_cuts(data, "m.mar", data.index(b"/tmp/x.py") + 9) == []
