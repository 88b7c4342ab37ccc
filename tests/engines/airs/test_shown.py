"""`weighbridge airs scan-show UUID`: what the tenant said, told in our lines; the exit code is its outcome's."""

import json

import pytest
from click.testing import CliRunner

from tests.builders.pickles import evil
from tests.builders.safetensors import honest
from tests.stand_ins.airs.tenant import GROUP
from tests.stand_ins.azure_devops import Asked
from weighbridge.cli import run, weighbridge


@pytest.fixture
def scanned(vendor, tmp_path):
    """A scan of a file, made by somebody before; gives its UUID."""

    def of(name, data):
        (tmp_path / name).write_bytes(data)
        body = json.dumps({"model_uri": str(tmp_path / name), "security_group_uuid": GROUP}).encode()
        vendor.tokens["mine"] = 2**40
        headers = {"authorization": "Bearer mine", "content-type": "application/json"}
        return vendor.answer(Asked("POST", "/aims/data/v1/scans", {}, headers, body)).body["uuid"]

    return of


def show(uuid):
    return CliRunner().invoke(weighbridge, ["airs", "scan-show", uuid], catch_exceptions=False, standalone_mode=False)


def test_blocked_scan_with_its_violations(scanned, tmp_path):
    """The mission's lines; exit 1."""
    done = show(scanned("model.pkl", evil(4)))
    assert f"[BLOCKED] {tmp_path / 'model.pkl'} 5/7 rules passed" in done.output
    assert "- PAIT-PKL-100: Load Time Code Execution Check (posix.system) in model.pkl" in done.output
    assert done.return_value == 1


def test_allowed_scan(scanned):
    """Exit 0."""
    done = show(scanned("model.safetensors", honest()))
    assert "7/7 rules passed" in done.output
    assert done.return_value == 0


def test_scan_that_broke(scanned, vendor):
    """Exit 2, with the error's code and message."""
    vendor.outcome = "ERROR"
    done = show(scanned("model.safetensors", honest()))
    assert "SCAN_ERROR: a worker broke" in done.output
    assert done.return_value == 2


def test_scan_that_has_not_ended(scanned, vendor, capsys):
    """Exit 2: it is not ALLOWED for that."""
    vendor.polls = 9
    assert run(weighbridge, "weighbridge", ["airs", "scan-show", scanned("model.safetensors", honest())]) == 2
    assert "outcome is PENDING" in capsys.readouterr().err


@pytest.mark.parametrize("uuid", ["00000000-0000-4000-8000-000000000000", "../../mgmt/v1/security-groups", "x"])
def test_scan_that_is_not_there(vendor, capsys, uuid):
    """Exit 2; what is no UUID is not asked for."""
    assert run(weighbridge, "weighbridge", ["airs", "scan-show", uuid]) == 2
    told = capsys.readouterr().err
    assert "404" in told or ("is no UUID" in told and vendor.asked == [])
