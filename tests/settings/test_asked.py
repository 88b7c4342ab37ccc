"""Which engine weighs, under which group: never guessed at, never exchanged in silence."""

import pytest

from weighbridge.errors import GateError
from weighbridge.settings.asked import Asked, settings_of

UUID = "6f1f2a3b-0000-4000-8000-0123456789ab"
OTHER = "6f1f2a3b-0000-4000-8000-0123456789ac"


def asked(group="", engine="", environ=None, folder="/"):
    return settings_of(Asked(("models",), group, engine, config=None), environ or {}, folder)


@pytest.mark.parametrize(
    ("group", "engine", "environ", "engines", "uuid"),
    [
        ("", "", {}, ("static",), None),
        ("strict", "", {}, ("static",), None),
        ("strict", "", {"SECURITY_GROUP_UUID": UUID}, ("static",), None),
        ("", "static", {"SECURITY_GROUP_UUID": UUID}, ("static",), None),
        ("", "", {"SECURITY_GROUP_UUID": UUID}, ("airs",), UUID),
        ("", "", {"SECURITY_GROUP_UUID": " "}, ("static",), None),
        (UUID, "", {}, ("airs",), UUID),
        (UUID, "airs", {"SECURITY_GROUP_UUID": OTHER}, ("airs",), UUID),
        (UUID, "both", {}, ("static", "airs"), UUID),
        ("strict", "both", {"SECURITY_GROUP_UUID": UUID}, ("static", "airs"), UUID),
        ("", "airs", {"SECURITY_GROUP_UUID": UUID}, ("airs",), UUID),
    ],
)
def test_engine_follows_the_group(group, engine, environ, engines, uuid):
    """A UUID means Prisma AIRS; a name, or nothing, the embedded engine."""
    made = asked(group, engine, environ)
    assert made.engines == engines
    assert made.options("airs").get("security_group_uuid") == uuid
    assert made.group.name == (group if group and group != UUID else "default")


@pytest.mark.parametrize(
    ("group", "engine", "environ"),
    [
        (UUID, "static", {}),
        ("strict", "airs", {}),
        ("strict", "airs", {"SECURITY_GROUP_UUID": UUID}),
        ("", "airs", {}),
        ("", "both", {}),
        ("", "", {"SECURITY_GROUP_UUID": "default"}),
        ("no-such-group", "", {}),
        (UUID[:-1], "", {}),
    ],
)
def test_contradiction_is_an_error(group, engine, environ):
    """What cannot be meant is told, not mended."""
    with pytest.raises(GateError) as raised:
        asked(group, engine, environ)
    assert raised.value.hint


def test_flags_lie_over_the_file(tmp_path):
    """What the command line says of a source or engine is added to what the configuration says of it."""
    (tmp_path / "weighbridge.toml").write_text('group = "strict"\n[directory]\nlayout = "models"\n')
    words = Asked(("models",), "audit", tables={"directory": {"layout": "model"}})
    made = settings_of(words, {}, str(tmp_path))
    assert made.group.name == "audit"
    assert made.options("directory") == {"layout": "model"}
    assert made.facts == {"configuration": str(tmp_path / "weighbridge.toml")}
