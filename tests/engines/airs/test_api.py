"""The tenant's REST interface: a token that is kept, renewed once, and never told; answers that are no answer."""

import json
import traceback

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.stand_ins.airs.tenant import CUT, ID, SECRET, TSG
from tests.stand_ins.azure_devops import Said
from weighbridge.engines.airs import api as room
from weighbridge.engines.airs.api import Api
from weighbridge.errors import GateError
from weighbridge.outside.http import Door
from weighbridge.outside.secret import Secret


def test_token_is_kept_until_shortly_before_it_ends(vendor, monkeypatch):
    """One for many requests; a new one a minute before its quarter of an hour is over."""
    now = [1000.0]
    monkeypatch.setattr(room.time, "monotonic", lambda: now[0])
    api = Api()
    for _ in range(3):
        api.get("/mgmt/v1/security-groups")
    assert vendor.count("oauth2") == 1
    now[0] += 900 - 59
    api.get("/mgmt/v1/security-groups")
    assert vendor.count("oauth2") == 2


def test_token_that_is_refused_is_renewed_once(vendor):
    """And the answer comes; where the new one is refused too, it is told, and no more are asked for."""
    api = Api()
    api.bearer()
    vendor.tokens.clear()
    assert len(api.groups()) == 7
    assert vendor.count("oauth2") == 2

    vendor.intercept = lambda asked: Said(401, {}) if "security" in asked.path else None
    with pytest.raises(GateError, match=r"refused with a new token \(401\)"):
        api.groups()
    assert vendor.count("oauth2") == 3


@pytest.mark.parametrize("status", [429, 500, 503])
def test_busy_service_is_waited_for_as_long_as_it_asks(vendor, status):
    """Retry-After, with a little more, never in step with others; bounded."""
    rests = []
    busy = [Said(status, {}, {"Retry-After": "7"})] * 2
    vendor.intercept = lambda asked: busy.pop() if busy and "security" in asked.path else None
    assert len(Api(door=Door(rest=rests.append)).groups()) == 7
    assert all(7 <= rest < 8 for rest in rests) and len(set(rests)) == 2


def test_patience_ends(vendor, impatient):
    """A service that stays busy is an error, after some attempts."""
    vendor.intercept = lambda asked: Said(429, {}) if "security" in asked.path else None
    with pytest.raises(GateError, match=r"asked too often \(429\)"):
        Api().groups()
    assert 2 <= vendor.count("security") <= 10


def test_service_that_wants_to_be_left_alone_for_long(vendor):
    """An hour is not waited."""
    vendor.intercept = lambda asked: Said(429, {}, {"Retry-After": "3600"}) if "security" in asked.path else None
    with pytest.raises(GateError, match="left alone"):
        Api(door=Door(rest=lambda _: pytest.fail("it rested"))).groups()


STEPS = {
    "token": ("oauth2", lambda api: api.groups(), "Failed to obtain SCM access token"),
    "address of the index": ("pypi", lambda api: api.index(), "Failed to retrieve PyPI URL"),
    "groups": ("security-groups", lambda api: api.groups(), "/mgmt/v1/security-groups"),
    "scan": ("scans", lambda api: api.get("/data/v1/scans/1"), "/data/v1/scans/1"),
}
DAMAGE = {
    "cut off": (CUT, "gave no answer"),
    "half a word": (Said(200, b'{"access_'), "Failed to extract|no JSON object"),
    "a page": (Said(200, b"<html>sign in</html>"), "Failed to extract|no JSON object"),
    "a list": (Said(200, b"[]"), "Failed to extract|no JSON object"),
    "deep": (Said(200, b"[" * 100_000), "Failed to extract|no JSON object"),
    "nothing": (Said(200, b""), "Failed to extract|no JSON object"),
    "403": (Said(403, {}), "403"),
    "404": (Said(404, {}), "404"),
    "500": (Said(500, {}), "500"),
}


@pytest.mark.parametrize(("said", "why"), DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize(("part", "ask", "what"), STEPS.values(), ids=STEPS)
def test_every_step_that_fails_says_what_it_was_for(vendor, impatient, part, ask, what, said, why):
    """And why; an answer that is none is never an empty list."""
    vendor.intercept = lambda asked: said if part in asked.path else None
    with pytest.raises(GateError, match=why) as raised:
        ask(Api())
    assert what in raised.value.message or "Failed to extract" in raised.value.message
    assert raised.value.hint


@pytest.mark.parametrize("body", [{}, {"security_groups": None}, {"security_groups": {}}, {"groups": []}])
def test_list_that_is_missing_is_no_empty_list(vendor, body):
    """Told, for an empty list would say that nothing is there."""
    vendor.intercept = lambda asked: Said(200, body) if "security" in asked.path else None
    with pytest.raises(GateError, match="without security_groups"):
        Api().groups()


def test_page_that_repeats_itself_ends(vendor):
    """A service that ignores `skip` is not asked for ever."""
    page = [{"uuid": str(n)} for n in range(100)]
    vendor.intercept = lambda asked: Said(200, {"security_groups": page}) if "security" in asked.path else None
    assert len(Api().groups()) == 100


def test_items_are_told_apart_without_a_uuid_and_over_short_pages(vendor):
    """Fields may be missing, and a page may hold less than what was asked for: neither ends the list, none is lost."""
    every = [{"name": f"g{n}"} for n in range(7)]

    def page(asked):
        skip = int(asked.query.get("skip", 0))
        return Said(200, {"security_groups": every[skip : skip + 3]}) if "security" in asked.path else None

    vendor.intercept = page
    assert Api().groups() == every


def test_list_without_end_is_an_error(vendor):
    """A service that always brings something new is not asked for ever, and nothing is cut off in silence."""

    def page(asked):
        skip = int(asked.query.get("skip", 0))
        items = [{"uuid": str(skip + n)} for n in range(5000)]
        return Said(200, {"security_groups": items}) if "security" in asked.path else None

    vendor.intercept = page
    with pytest.raises(GateError, match="more than 20000 items"):
        Api().groups()


@pytest.mark.parametrize("token", ["t\u00f6ken", "t\u0100ken", "to\nken: x", "to ken", "\ud800", "", 3])
def test_token_that_no_header_can_hold_is_an_error(vendor, token):
    """A sentence with a hint; no error of an encoding's, and none of the token's letters."""
    vendor.intercept = lambda asked: Said(200, json.dumps({"access_token": token}).encode())
    with pytest.raises(GateError, match="Failed to extract access token from response") as raised:
        Api().groups()
    assert raised.value.hint
    assert "ken" not in raised.value.message.replace("token", "")


@pytest.mark.parametrize("secret", ["se\u0100cret", "sec\r\nX-Evil: 1"])
def test_credential_that_no_header_can_hold_is_not_sent(vendor, secret):
    """Whoever sends it; the same for a personal access token with a line break at its end."""
    with pytest.raises(GateError, match="Authorization is not sent") as raised:
        Door().ask("GET", f"{vendor.url}/x", secrets={"Authorization": Secret(secret)})
    assert "sec" not in raised.value.message
    assert vendor.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/simple",
        "https://x/ y",
        "https://x/\n##vso[x]",
        "ftp://x/",
        "",
        None,
        3,
        "https:/x",
        "https://[/",
    ],
)
def test_address_of_the_index_is_encrypted(vendor, url):
    """Or it is none."""
    vendor.intercept = lambda asked: Said(200, {"url": url}) if "pypi" in asked.path else None
    with pytest.raises(GateError, match="Failed to extract PyPI URL"):
        Api().index()


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("MODEL_SECURITY_CLIENT_ID", "nobody", "MODEL_SECURITY_CLIENT_ID"),
        ("MODEL_SECURITY_CLIENT_SECRET", "wrong-secret", "_SECRET"),
        ("TSG_ID", "999", "check TSG_ID"),
    ],
)
def test_wrong_credential_is_told_with_advice(vendor, monkeypatch, name, value, hint):
    """In the mission's words; the secret is not in them."""
    monkeypatch.setenv(name, value)
    with pytest.raises(GateError, match="Failed to obtain SCM access token") as raised:
        Api().groups()
    assert hint in raised.value.hint
    assert "wrong-secret" not in repr(raised.value) + raised.value.message


def test_credentials_travel_encrypted_or_to_this_machine(vendor, monkeypatch):
    """An open address is not asked."""
    monkeypatch.setenv("MODEL_SECURITY_TOKEN_ENDPOINT", "http://evil.example/oauth2/access_token")
    with pytest.raises(GateError, match="encrypted or not at all"):
        Api().groups()


PLAIN = st.just({})  # headers: of any letters, they would break the stand-in and not the client
answers = st.one_of(
    st.builds(Said, st.sampled_from([200, 201, 204, 301, 400, 401, 403, 404, 418, 500]), st.binary(max_size=40), PLAIN),
    st.builds(
        lambda status, key, value: Said(status, json.dumps({key: value}).encode()),
        st.sampled_from([200, 400, 500]),
        st.sampled_from(["access_token", "url", "security_groups", "expires_in"]),
        st.one_of(st.none(), st.integers(), st.text(max_size=20), st.lists(st.integers(), max_size=2)),
    ),
    st.just(CUT),
)


DOOR = Door(attempts=3, timeout=5)  # one for all: to read the system's certificates takes longer than what is tested


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(st.one_of(st.none(), answers), max_size=4), call=st.sampled_from(["groups", "index", "rules"]))
def test_no_secret_is_told_whatever_the_service_does(vendor, impatient, script, call):
    """Any sequence of failures: an answer, or a `GateError`; in neither it, nor its traceback, nor the object's own
    words stands a secret."""
    pending = list(script)
    vendor.intercept = lambda asked: pending.pop(0) if pending else None
    environ = {"MODEL_SECURITY_CLIENT_ID": ID, "MODEL_SECURITY_CLIENT_SECRET": SECRET, "TSG_ID": TSG}
    environ |= {"MODEL_SECURITY_API_ENDPOINT": f"{vendor.url}/aims"}
    environ |= {"MODEL_SECURITY_TOKEN_ENDPOINT": f"{vendor.url}/oauth2/access_token"}
    api = Api(environ, DOOR)
    told = ""
    try:
        told = repr(getattr(api, call)()) if call == "index" else str(len(getattr(api, call)()))
    except GateError as error:
        told = error.message + error.hint + repr(error) + "".join(traceback.format_exception(error))
    told += repr(api.__dict__)
    for hidden in (SECRET, "token-that-nobody-may-see", "of-the-index"):
        assert hidden not in told
