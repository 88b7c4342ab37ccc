"""weighbridge.toml: what it can say, and every fault in it told at once."""

from datetime import date

import pytest

from weighbridge.errors import GateError
from weighbridge.policy.rules import APPROVED_FORMAT, LICENSE_EXISTS
from weighbridge.policy.verdict import RuleState
from weighbridge.settings import find
from weighbridge.settings.configuration import load

WHOLE = """
group = "team"
engine = "static"
block_on_errors = true

[groups.team]
base = "default"
approved_formats = ["safetensors", "onnx"]
approved_callables = ["lab.models.*"]
approved_locations = ["/models/"]
unrecognised = "blocked"

[groups.team.rules]
"Stored In Approved File Format" = "BLOCKING"
license-exists = "allowing"

[[waivers]]
code = "PKL-101"
path = "legacy/*.pkl"
owner = "ana@contoso.example"
reason = "reviewed in ticket 7"
expires = 2031-01-31

[limits]
depth = 4
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "weighbridge.toml"
        path.write_text(text)
        return str(path)

    return write


def faults(path):
    with pytest.raises(GateError) as raised:
        load(path)
    return raised.value.message.splitlines()[1:]


def test_everything_that_can_be_said(written):
    """Groups with their rules and lists, waivers, limits, defaults."""
    made = load(written(WHOLE))
    team = made.chosen("team")
    assert (made.group, made.engine, made.block_on_errors) == ("team", "static", True)
    assert team.state(APPROVED_FORMAT) is RuleState.BLOCKING
    assert team.state(LICENSE_EXISTS) is RuleState.ALLOWING
    assert team.approved_formats == {"safetensors", "onnx"}
    assert team.approved_locations == ("/models/",)
    assert team.unrecognised == "blocked"
    [waiver] = team.waivers
    assert (waiver.owner, waiver.expires) == ("ana@contoso.example", date(2031, 1, 31))
    assert made.tables["static"] == {"bounds": {}, "depth": 4}


def test_waivers_hold_in_every_group(written):
    """A waiver speaks of a finding, whichever group weighs."""
    made = load(written(WHOLE))
    assert all(group.waivers for group in made.groups.values())


def test_every_fault_is_told_at_once(written):
    """Each with file, line and key: nobody mends a file one run at a time."""
    said = faults(
        written(
            'grup = "x"\n'
            'engine = "fast"\n'
            "[groups.a]\n"
            'base = "stirct"\n'
            "approved_formats = 3\n"
            "[groups.a.rules]\n"
            'no-such-rule = "BLOCKING"\n'
            'license-exists = "MAYBE"\n'
            "[[waivers]]\n"
            'code = "PKL-100"\n'
            'expires = "2031-01-31"\n'
            "[limits]\n"
            "depth = -1\n"
        )
    )
    assert [line.split()[0] for line in said] == [
        "weighbridge.toml:1:",
        "weighbridge.toml:9:",
        "weighbridge.toml:9:",
        "weighbridge.toml:11:",
        "weighbridge.toml:4:",
        "weighbridge.toml:7:",
        "weighbridge.toml:8:",
        "weighbridge.toml:5:",
        "weighbridge.toml:2:",
        "weighbridge.toml:13:",
    ]
    text = "\n".join(said)
    assert "did you mean 'group'" in text
    assert "did you mean 'strict'" in text
    assert "no owner" in text
    assert "no reason" in text


def test_line_is_that_of_the_table_which_is_meant(written):
    """The same key stands in many tables; the fault is told where it is."""
    said = faults(
        written(
            "[groups.a]\n"
            'base = "default"\n'
            "[groups.b]\n"
            'base = "stirct"\n'
            "[[waivers]]\n"
            'code = "PKL-100"\n'
            'owner = "ml"\n'
            'reason = "known"\n'
            "expires = 2031-01-31\n"
            "[[waivers]]\n"
            "code = 7\n"
            'owner = "ml"\n'
            'reason = "known"\n'
            "expires = 2031-01-31\n"
        )
    )
    assert [line.split()[:2] for line in said] == [
        ["weighbridge.toml:11:", "waivers[2].code"],
        ["weighbridge.toml:4:", "groups.b.base"],
    ]


def test_long_value_is_quoted_in_part(written):
    """A fault is a line that a person reads."""
    [fault] = faults(written(f'group = "{"a" * 5000}"\n'))
    assert len(fault) < 200


@pytest.mark.parametrize("key", ["owner", "reason", "expires", "code"])
def test_waiver_without_who_why_and_until_when_is_a_fault(written, key):
    """A waiver names its owner, its reason and its last day."""
    lines = [
        line for line in WHOLE[WHOLE.index("[[waivers]]") : WHOLE.index("[limits]")].splitlines() if key not in line
    ]
    [fault] = faults(written("\n".join(lines)))
    assert f"no {key}" in fault


@pytest.mark.parametrize(
    "text", ["group = ", "a = 1\na = 2", "\x00", "[[groups]]\nx=1", "a=" + "[" * 100_000], ids=range(5)
)
def test_broken_file_is_an_error_and_never_the_default(written, text):
    """A configuration that cannot be read leaves nothing weighed."""
    with pytest.raises(GateError):
        load(written(text))


def test_missing_file_is_an_error(tmp_path):
    """`--config` names a file that must be there."""
    with pytest.raises(GateError, match="cannot read"):
        load(str(tmp_path / "none.toml"))


def test_nearest_file_up_to_the_repository_counts(tmp_path):
    """The search ends where the repository does: what lies above it belongs to somebody else."""
    (tmp_path / "weighbridge.toml").touch()
    inner = tmp_path / "repository" / "models"
    inner.mkdir(parents=True)
    assert find(str(inner)) == str(tmp_path / "weighbridge.toml")
    (tmp_path / "repository" / ".git").mkdir()
    assert find(str(inner)) is None
    (tmp_path / "repository" / "weighbridge.toml").touch()
    assert find(str(inner)) == str(tmp_path / "repository" / "weighbridge.toml")
