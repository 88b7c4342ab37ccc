"""The credential goes where it belongs, and is seen nowhere: whatever fails, in whatever a run gives out."""

import json
import logging
import random
from base64 import b64encode

import pytest

from tests.builders import torch
from tests.stand_ins import artifacttool
from tests.stand_ins.azure_devops import PAT, SIGN_IN, Said
from weighbridge.cli import run as called
from weighbridge.commands._artifact_scan import command
from weighbridge.gate import scan
from weighbridge.outside.http import Door
from weighbridge.reports import SHELF
from weighbridge.settings import Settings

ENCODED = b64encode(f":{PAT}".encode()).decode()
SPELLINGS = (PAT, ENCODED, "signature-that-nobody-may-see")
HTML = {"Content-Type": "text/html"}


def faults(asked):
    """What may be answered to a request, some of it by one who knows what was sent."""
    echo = asked.headers.get("authorization", "nothing")
    odd = {"value": [{"id": echo, "name": echo, "locationUrl": f"https://{PAT}@evil.example/{PAT}"}]}
    return [
        Said(0),
        Said(200, b"half", {"Content-Length": "4000"}),
        Said(200, SIGN_IN, HTML),
        Said(203, SIGN_IN + echo.encode(), HTML),
        Said(302, b"", {"Location": f"https://evil.example/?token={PAT}"}),
        Said(302, b"", {"Location": "http://127.0.0.1:1/signin"}),
        Said(401, echo.encode()),
        Said(403, echo.encode()),
        Said(404, b"{}"),
        Said(429, b"", {"Retry-After": "1", "X-RateLimit-Resource": echo}),
        Said(418, b"", {"X-RateLimit-Resource": echo, "X-RateLimit-Delay": PAT}),
        Said(500, echo.encode()),
        Said(200, f"[{echo!r}".encode()),
        Said(200, odd),
        Said(200, {**odd, "id": echo, "version": PAT, "manifestId": echo, "superRootId": PAT}),
        Said(200, {ENCODED: f"https://x/{PAT}"}),
        Said(200, json.dumps({"value": [{"id": "x", "name": ENCODED, "versions": [{"version": PAT}]}]}).encode()),
    ]


@pytest.fixture
def feed(organisation, monkeypatch, tmp_path):
    """Two packages, a tool to fall back upon that tells what it knows, and no time lost on rests."""
    program = artifacttool.script(tmp_path / "record", {}, fails=f"TF400813: {PAT} {ENCODED} may not")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "artifacttool").write_bytes(program)
    (tmp_path / "bin" / "artifacttool").chmod(0o755)
    monkeypatch.setenv("AZURE_DEVOPS_EXT_ARTIFACTTOOL_OVERRIDE_PATH", str(tmp_path / "bin"))
    monkeypatch.setitem(Door.__init__.__kwdefaults__, "rest", lambda seconds: None)
    monkeypatch.setitem(Door.__init__.__kwdefaults__, "attempts", 2)
    held = organisation.feed()
    organisation.publish(held, "evil", "1.0.0", {"m.pkl": torch.EVIL, "n.bin": bytes(200_000)})
    organisation.publish(held, "good", "1.0.0", {"notes.md": b"words\n"})
    return organisation


def seen(text):
    return [spelling for spelling in SPELLINGS if spelling in text]


@pytest.mark.parametrize("seed", range(6))
def test_credential_is_in_no_output_whatever_fails(feed, caplog, seed):
    """Random requests of a run fail in random ways: no report, no error and no log shows the token or its encoding."""
    caplog.set_level(logging.DEBUG, "weighbridge")
    dice, outcomes = random.Random(seed), set()
    for _ in range(14):
        failing = {dice.randrange(18) for _ in range(dice.randint(1, 3))}
        begun = len(feed.asked)

        def intercept(asked, failing=failing, begun=begun):
            return dice.choice(faults(asked)) if len(feed.asked) - 1 - begun in failing else None

        feed.intercept = intercept
        run = scan(Settings((f"azure-artifacts:{feed.url}/ml/models",)))
        outcomes.add(run.exit_code)
        told = "".join(SHELF.load(name).render(run) for name in SHELF.names()) + repr(run)
        told += repr([(error.__dict__, error.__cause__, error.__context__ and error.args) for error in run.errors])
        assert not seen(told), told
    assert not seen(caplog.text)
    assert 2 in outcomes


def test_credential_is_in_no_traceback(feed, capfd, monkeypatch):
    """A bug of ours that shows its traceback shows where it was, and not what it held."""

    def broken(self, answer, url, what):
        raise RuntimeError(f"a bug, at {url}")

    monkeypatch.setattr("weighbridge.sources.azure_artifacts.service.Service.refuse", broken)
    words = ["--org", feed.url, "--project", "ml", "--feed", "models"]
    code = called(command, "airs_artifact_scan.py", [*words])
    out, err = capfd.readouterr()

    assert code == 2 and "a bug, at" in err
    assert not seen(out + err)


def test_answer_that_repeats_the_credential_is_an_error(feed):
    """A proxy that shows what it was sent is told of, and nothing of its answer is used."""
    feed.intercept = lambda asked: Said(200, {"value": [], "x": asked.headers["authorization"]})

    run = scan(Settings((f"azure-artifacts:{feed.url}/ml/models",)))

    assert run.exit_code == 2 and "repeats the credential" in run.errors[0].message


@pytest.mark.parametrize(
    "where", ["https://dev.azure.com/evil", "https://u@dev.azure.com/o", "https://x.example/contoso"]
)
def test_hosts_of_others_are_never_asked(feed, where, monkeypatch):
    """A service that the organisation places at another's host gets no request at all."""
    asked = []
    ask = Door.ask
    monkeypatch.setattr(
        Door, "ask", lambda self, method, url, **more: asked.append(url) or ask(self, method, url, **more)
    )
    areas = [{**area, "locationUrl": where} for area in feed.areas().body["value"]]
    feed.intercept = lambda asked: Said(200, {"value": areas}) if "ResourceAreas" in asked.path else None

    run = scan(Settings((f"azure-artifacts:{feed.url}/ml/models",)))

    assert run.exit_code == 2 and "nothing is sent there" in run.errors[0].message
    assert all(url.startswith(feed.url) for url in asked)


def test_content_that_is_cut_on_its_way_is_asked_for_again(feed):
    """A connection that breaks within a content is no damage: the content is whole the next time."""
    cut = set()

    def intercept(asked):
        if asked.path.startswith("/blobs/") and asked.path not in cut:
            cut.add(asked.path)
            return Said(200, b"half", {"Content-Length": "4000"})
        return None

    feed.intercept = intercept
    run = scan(Settings((f"azure-artifacts:{feed.url}/ml/models/good",)))

    assert run.exit_code == 0 and cut
