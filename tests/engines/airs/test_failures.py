"""What can go wrong between a build and the vendor: each with its exit code and its own message.

Nothing here is ever ALLOWED; a BLOCKED that was told stays BLOCKED; no secret is in what is told.
"""

import json

import pytest

from tests.builders.pickles import evil
from tests.builders.safetensors import honest
from tests.stand_ins.airs.tenant import CUT, GROUP, SECRET
from tests.stand_ins.azure_devops import Said
from weighbridge.cli import run, weighbridge


@pytest.fixture
def weigh(vendor, program, impatient, tmp_path, monkeypatch, capsys):
    """Weighs a model as a build would; gives the exit code and all that was printed."""
    program()
    monkeypatch.chdir(tmp_path)

    def scan(data=None, group=GROUP, *words):
        (tmp_path / "m").mkdir(exist_ok=True)
        (tmp_path / "m" / ("model.pkl" if data else "model.safetensors")).write_bytes(data or honest())
        code = run(weighbridge, "weighbridge", ["scan", "m", "-sg", group, *words])
        told = capsys.readouterr()
        assert SECRET not in told.out + told.err
        assert "token-that-nobody-may-see" not in told.out + told.err
        return code, told.out + told.err

    return scan


def cut(*parts):
    return lambda asked: CUT if any(part in asked.path for part in parts) else None


def test_all_goes_well(weigh):
    """Or the rest of this file would show nothing."""
    assert weigh()[0] == 0
    assert weigh(evil(4))[0] == 1


CREDENTIALS = {
    "wrong id": ("MODEL_SECURITY_CLIENT_ID", "nobody"),
    "wrong secret": ("MODEL_SECURITY_CLIENT_SECRET", "wrong-one"),
    "wrong tenant": ("TSG_ID", "999"),
}


@pytest.mark.parametrize(("name", "value"), CREDENTIALS.values(), ids=CREDENTIALS)
def test_wrong_credentials(weigh, monkeypatch, name, value):
    """Exit 2: no access token, and which variables to look at."""
    monkeypatch.setenv(name, value)
    code, told = weigh()
    assert code == 2
    assert "Failed to obtain SCM access token" in told
    assert "MODEL_SECURITY_CLIENT_ID" in told and "TSG_ID" in told
    assert "wrong-one" not in told


def test_unknown_group(weigh):
    """Exit 2: the tenant has no such group."""
    code, told = weigh(None, "00000000-0000-4000-8000-000000000000")
    assert code == 2
    assert "404" in told and "Security Group" in told


def test_no_permission_to_scan(weigh, vendor):
    """Exit 2: 403, and what the service account lacks."""
    vendor.lacking = {"ai_ms.scans"}
    code, told = weigh()
    assert code == 2
    assert "403" in told and "Model Security access" in told


def test_no_permission_for_groups(vendor, program, capsys):
    """`airs groups`: exit 2, 403, and what to do."""
    vendor.lacking = {"ai_ms.security_groups"}
    assert run(weighbridge, "weighbridge", ["airs", "groups"]) == 2
    told = capsys.readouterr().err
    assert "403" in told and "permission" in told


def test_token_that_ends_while_a_scan_is_polled(weigh, vendor):
    """A new one is asked for, once, and the verdict comes."""
    vendor.polls = 4
    seen = []

    def end(asked):
        if asked.method == "GET" and "/scans/" in asked.path:
            seen.append(asked)
            if len(seen) == 2:
                vendor.tokens.clear()

    vendor.intercept = end
    code, told = weigh(evil(4))
    assert code == 1
    assert "PAIT-PKL-100" in told
    assert vendor.count("oauth2") >= 2


def test_scan_that_does_not_end(weigh, vendor, monkeypatch):
    """The client's patience ends: exit 2, and that it was not done in time."""
    monkeypatch.setenv("STAND_IN_TIMEOUT", "0.1")
    vendor.polls = 10**6
    code, told = weigh()
    assert code == 2
    assert "did not complete within" in told


def test_scan_that_ends_in_an_error(weigh, vendor):
    """Exit 2 with the error's code and message; 1 with --block-on-errors; never 0."""
    vendor.outcome = "ERROR"
    code, told = weigh()
    assert code == 2
    assert "SCAN_ERROR" in told and "a worker broke" in told
    assert weigh(None, GROUP, "--block-on-errors")[0] == 1


def created(said):
    """Instead of the answer to a new scan."""
    return lambda asked: said if asked.method == "POST" and asked.path.endswith("/scans") else None


NO_SCAN = {
    "token, cut": cut("oauth2"),
    "scan, cut": created(CUT),
    "poll, cut": lambda asked: CUT if asked.method == "GET" and "/scans/" in asked.path else None,
    "token, malformed": lambda asked: Said(200, b'{"acc') if "oauth2" in asked.path else None,
    "scan, malformed": created(Said(201, b"<html>")),
    "scan, without an outcome": created(Said(201, {"uuid": "1"})),
    "scan, busy": created(Said(503, {})),
}


@pytest.mark.parametrize("damage", NO_SCAN.values(), ids=NO_SCAN)
@pytest.mark.parametrize("data", [None, evil(4)], ids=["benign", "malicious"])
def test_no_scan_allows_nothing(weigh, vendor, damage, data):
    """Exit 2, with the client's own complaint; with --block-on-errors 1."""
    vendor.intercept = damage
    code, told = weigh(data)
    assert code == 2
    assert "model-security" in told
    assert weigh(data, GROUP, "--block-on-errors")[0] == 1


DETAILS = {
    "evaluations, cut": cut("/evaluations"),
    "violations, cut": cut("/rule-violations"),
    "evaluations, malformed": lambda asked: Said(200, b"{") if "/evaluations" in asked.path else None,
    "violations, malformed": lambda asked: Said(200, b"[]") if "/rule-violations" in asked.path else None,
    "violations, busy": lambda asked: Said(503, {}) if "/rule-violations" in asked.path else None,
}


@pytest.mark.parametrize("damage", DETAILS.values(), ids=DETAILS)
def test_details_that_are_missing_change_no_verdict(weigh, vendor, damage):
    """BLOCKED stays BLOCKED and ALLOWED stays ALLOWED; the report says that it is not explained, and why."""
    vendor.intercept = damage
    code, told = weigh(evil(4), GROUP, "-o", "json")
    [verdict] = json.loads(told[told.index("{") :])["verdicts"] if told.strip().endswith("}") else [None]
    assert code == 1
    assert verdict is None or any("not told" in note for note in verdict["notes"])


def test_client_that_is_missing(weigh, monkeypatch):
    """Exit 2: it is not installed, and how it is."""
    monkeypatch.setenv("PATH", "/nowhere")
    code, told = weigh()
    assert code == 2
    assert "model-security is not installed" in told and "weighbridge airs install" in told


def test_client_that_is_too_old(weigh, program):
    """0.3 knows no --block-on-errors: weighed without it, or told; never ALLOWED by accident."""
    program("0.3.2")
    code, told = weigh(evil(4))
    assert code in (1, 2)
    assert code == 1 or "model-security" in told


def test_group_of_another_source(weigh, vendor):
    """Exit 2: "400: security group source type mismatch"; folders and feeds need a LOCAL one."""
    code, told = weigh(None, vendor.groups[1]["uuid"])
    assert code == 2
    assert "source type mismatch" in told and "LOCAL" in told


def test_client_older_than_any_that_can_weigh(weigh, program):
    """Exit 2, and what to do."""
    program("0.1.0")
    code, told = weigh()
    assert code == 2
    assert "too old" in told and "airs install" in told
