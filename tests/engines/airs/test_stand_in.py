"""The vendor on this machine behaves as the vendor was recorded to: each test quotes what it rests on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders.archives import zipped
from tests.builders.gguf import gguf
from tests.builders.hdf5 import keras
from tests.builders.pickles import evil, pickle_of
from tests.builders.safetensors import honest
from tests.formats.test_keras import LAMBDAS, layer, model
from tests.stand_ins.airs.contract import faults, misfits
from tests.stand_ins.airs.tenant import GROUP
from tests.stand_ins.azure_devops import Asked, Said

RECORDED = "Error: Scan failed because it failed your organization's security policies"
EVIL = evil(4)


@pytest.fixture
def scan(vendor, program, tmp_path):
    """Scans files with the client; gives exit code, standard output and standard error."""

    def of(files, *words, version="1.1.2", path=None, group=GROUP):
        folder = tmp_path / "weighed"
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        command = [str(program(version)), "scan", "-sg", group, "--model-path", path or str(folder), *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path)
        return done.returncode, done.stdout, done.stderr

    return of


VECTORS = {  # what was weighed: files, passed of seven, threats, exit code
    "JSON text named .safetensors": ({"model.safetensors": b'{"weights": [1, 2, 3]}'}, 7, [], 0),
    "safetensors": ({"model.safetensors": honest(), "config.json": b"{}"}, 7, [], 0),
    "pickle that calls os.system": ({"model.pkl": EVIL}, 5, ["PAIT-PKL-100", "UNAPPROVED_FORMATS"], 1),
    "a harmless pickle": ({"model.pkl": pickle_of("EMPTY_DICT", "STOP")}, 6, ["UNAPPROVED_FORMATS"], 1),
    "PyTorch, a ZIP": (
        {"model.pt": zipped(("archive/data.pkl", EVIL), ("archive/version", b"3\n"))},
        5,
        ["PAIT-PYTCH-100", "UNAPPROVED_FORMATS", "UNAPPROVED_FORMATS"],
        1,
    ),
    "Keras code on load": (
        {"m.h5": keras(json.dumps(model(layer("Lambda", LAMBDAS["v3"]))))},
        5,
        ["PAIT-KERAS-101"],
        1,
    ),
    "GGUF template": (
        {"m.gguf": gguf({"tokenizer.chat_template": "{{ ''.__class__.__mro__ }}"})},
        5,
        ["PAIT-GGUF-101", "UNAPPROVED_FORMATS"],
        1,
    ),
}


@pytest.mark.parametrize(("files", "passed", "threats", "code"), VECTORS.values(), ids=VECTORS)
def test_verdict_vectors(scan, vendor, files, passed, threats, code):
    """Recorded of the group Default LOCAL: "any tiny safe .safetensors (a JSON text named .safetensors!): ALLOWED 7/7";
    "pickle with __reduce__ -> os.system: BLOCKED, 2/7 failed: PAIT-PKL-100 + UNAPPROVED_FORMATS, exit 1"; of others the
    threat (PYTCH-100, Keras code on load), in groups of eleven rules."""
    exit_code, output, complaints = scan(files, "--log-level", "critical")
    told = json.loads(output)
    assert (told["eval_outcome"], exit_code) == (("BLOCKED", 1) if code else ("ALLOWED", 0))
    assert told["eval_summary"] == {"rules_passed": passed, "rules_failed": 7 - passed, "total_rules": 7}
    found = [one["threat"] for one in vendor.scans[told["uuid"]]["violations"]]
    assert [threat for threat in threats if threat not in found] == []
    assert (RECORDED in complaints) == bool(code)


def test_operator_and_module_of_a_violation(scan, vendor):
    """ "operator+module for os.system is reported as module posix, operator system"; in the file as it lies."""
    scan({"deep/model.pkl": EVIL})
    [kept] = vendor.scans.values()
    [one] = [one for one in kept["violations"] if one["threat"] == "PAIT-PKL-100"]
    assert (one["module"], one["operator"], one["file"]) == ("posix", "system", "deep/model.pkl")
    assert [file["path"] for file in kept["files"]] == ["/deep", "/deep/model.pkl"]


def test_allowing_rule_that_fails_does_not_block(scan, vendor):
    """ "ALLOWING failures count in rules_failed but do not block"."""
    vendor.states[GROUP] = {"Stored In Approved File Format": "ALLOWING"}
    code, output, _ = scan({"model.pkl": pickle_of("EMPTY_DICT", "STOP")}, "--log-level", "critical")
    told = json.loads(output)
    assert (code, told["eval_outcome"], told["eval_summary"]["rules_failed"]) == (0, "ALLOWED", 1)


def test_disabled_rule_is_not_counted(scan, vendor):
    """ "DISABLED rules are not evaluated and not in total_rules": 6 where Location is disabled."""
    vendor.states[GROUP] = {"Stored In Approved Location": "DISABLED"}
    told = json.loads(scan({"model.safetensors": honest()}, "--log-level", "critical")[1])
    assert told["eval_summary"] == {"rules_passed": 6, "rules_failed": 0, "total_rules": 6}


def test_logs_stand_between_the_json(scan, vendor):
    """ "Logs at info level interleave with stdout"; "use --log-level critical when stdout is to be parsed"."""
    _, output, complaints = scan({"model.safetensors": honest()})
    assert "INFO" in output.split("{")[0]
    with pytest.raises(json.JSONDecodeError):
        json.loads(output)
    assert "Deprecated" in complaints  # "stderr is never empty"


def test_silent_takes_the_json_too(scan):
    """ "--silent suppresses the result JSON, not just logs"."""
    assert scan({"model.pkl": EVIL}, "--silent")[:2] == (1, "")


@pytest.mark.parametrize("version", ["1.0.1", "1.1.0"])
def test_relative_path_is_a_false_block(scan, version):
    """ "A relative --model-path can return a false BLOCKED in 1.0.1 and 1.1.0": an honest model's too."""
    code, output, _ = scan({"model.safetensors": honest()}, version=version, path="weighed")
    assert code == 1
    assert '"eval_outcome": "BLOCKED"' in output


def test_old_builds_spell_the_enumeration(scan):
    """Recorded: "str(x) may give EvalOutcome.BLOCKED in older builds"; 0.3 "had no list-security-groups"."""
    assert '"EvalOutcome.ALLOWED"' in scan({"model.safetensors": honest()}, version="0.3.2")[1]
    code, _, complaints = scan({}, "--block-on-errors", version="0.3.2")
    assert code == 2
    assert "unrecognized arguments: --block-on-errors" in complaints


@pytest.mark.parametrize(("words", "code"), [((), 0), (("--block-on-errors",), 2)])
def test_error_exits_0_unless_it_is_told_to_block(scan, vendor, words, code):
    """ "Without --block-on-errors an ERROR scan exits 0 (fail-open)"; with it, 2 and the error's code and message."""
    vendor.outcome = "ERROR"
    exit_code, output, complaints = scan({"model.pkl": EVIL}, "--log-level", "critical", *words)
    assert (exit_code, json.loads(output)["eval_outcome"]) == (code, "ERROR")
    assert ("Scan failed with code: SCAN_ERROR, message: a worker broke" in complaints) == bool(code)


def test_report_only_never_blocks(scan):
    """ "--report-only: record, never block (exit 0)"."""
    assert scan({"model.pkl": EVIL}, "--report-only")[0] == 0


def test_slow_scans_are_polled(scan, vendor):
    """PENDING some times; an interval of 0 "returns right after submitting, exit 0"."""
    vendor.polls = 3
    assert scan({"model.pkl": EVIL})[0] == 1
    code, output, _ = scan({"model.pkl": EVIL}, "--poll-interval-secs", "0", "--log-level", "critical")
    assert (code, json.loads(output)["eval_outcome"]) == (0, "PENDING")


def test_groups_as_the_client_prints_them(vendor, program):
    """`{"security_groups":[...]}`, which the mission pipes to jq."""
    done = subprocess.run([program(), "list-security-groups"], capture_output=True, text=True, env=os.environ)
    assert json.loads(done.stdout)["security_groups"][0]["source_type"] == "LOCAL"


def test_contract_sees_what_it_is_there_for():
    """A request or an answer that does not fit is told: a check that never fails checks nothing."""
    path = "/aims/mgmt/v1/security-groups"
    good = Said(200, {"pagination": {"total_items": None}, "security_groups": []})
    assert misfits(Asked("GET", path, {"limit": "100", "skip": "0"}, {}, b""), good) == []
    assert misfits(Asked("GET", path, {"limit": "101"}, {}, b""), good)
    assert misfits(Asked("GET", path, {"page": "1"}, {}, b""), good)
    assert misfits(Asked("GET", path, {}, {}, b"{}"), good)
    assert misfits(Asked("GET", path, {}, {}, b""), Said(200, {"security_groups": []}))
    assert misfits(Asked("GET", path, {}, {}, b""), Said(418, {}))
    assert misfits(Asked("GET", "/aims/mgmt/v2/x", {}, {}, b""), Said(200, {}))
    form = {"content-type": "application/x-www-form-urlencoded"}
    token = Said(200, {"access_token": "x", "expires_in": 900})
    assert misfits(Asked("POST", "/oauth2/access_token", {}, form, b"grant_type=password&scope=tsg_id:1"), token)
    assert faults({"$ref": "#/components/schemas/group"}, {"name": ""})


def test_client_needs_nothing_but_the_standard_library():
    """It goes into a wheel: what it imports must be there."""
    import ast

    tree = ast.parse((Path(__file__).parents[2] / "stand_ins" / "airs" / "model_security.py").read_text())
    names = {
        alias.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    assert names <= sys.stdlib_module_names
