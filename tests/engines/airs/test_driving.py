"""The vendor's client, driven: how it is asked, what it is shown, and what becomes of what it prints."""

import os
from base64 import b64encode

import pytest

from tests.engines.airs.driven import CREDENTIALS, GROUP, NAME, SCAN, SECRET, scan
from weighbridge.cli import run as run_words
from weighbridge.cli import weighbridge
from weighbridge.engines.airs.labels import labels_of
from weighbridge.engines.airs.parts import parts
from weighbridge.errors import GateError
from weighbridge.outside import process
from weighbridge.policy.record import run_of, run_record
from weighbridge.policy.verdict import EvalOutcome, FileResult
from weighbridge.reports import SHELF as REPORTS
from weighbridge.reports.seed import render

RULE = "Load Time Code Execution Check"


def test_client_is_asked_with_absolute_path_and_quietly(asks, vendors, model, monkeypatch):
    """The mission: absolute paths always; --silent suppresses the JSON, so --log-level critical; no secret in argv."""
    monkeypatch.chdir(model.parent)
    assert asks("mine").exit_code == 0
    version, weighed = (call["words"] for call in vendors.calls)
    assert version == ["--version"]
    assert weighed[:7] == [
        "scan",
        "--security-group-uuid",
        GROUP,
        "--model-path",
        str(model),
        "--log-level",
        "critical",
    ]
    assert "--silent" not in weighed
    assert SECRET not in " ".join(weighed)


def test_version_is_asked_once_and_told(asks, vendors, model):
    """One question for a run of two models; the report tells which client weighed."""
    (model.parent / "other").mkdir()
    (model.parent / "other" / "config.json").write_text("{}")
    run = asks(model.parent)
    assert [call["words"][0] for call in vendors.calls] == ["--version", "scan", "scan"]
    assert {verdict.engine_version for verdict in run.verdicts} == {"model-security 1.1.2"}


@pytest.mark.parametrize(
    ("refuses", "says", "last"),
    [
        (["--log-level"], "Error: No such option: {}", []),
        (["-l", "--block-on-errors"], "model-security: error: unrecognized arguments: {}", ["--log-level", "critical"]),
        (["--block-on-errors"], "╭ Error ╮\n│ No such option: {} │", ["--log-level", "critical"]),
    ],
)
def test_option_that_an_old_client_refuses_is_left_out(asks, vendors, monkeypatch, refuses, says, last):
    """airs.md 1.2: options moved from before the command to after it; versions 0.3 to 1.1 know different ones."""
    monkeypatch.setenv("GITHUB_SHA", "abc")
    vendors.does(refuses=refuses, says=says)
    run = asks()
    assert run.exit_code == 0, run
    words = vendors.scans[-1]["words"]
    assert not set(refuses) & set(words)
    assert set(last) <= set(words)
    assert ("the scan bears no labels: this client knows none" in run.verdicts[0].notes) == ("-l" in refuses)


def test_client_that_is_too_old_says_so(asks, vendors):
    """airs.md 1.1: on the public index the name is a placeholder, of version 0.0.1."""
    vendors.does(version="0.0.1")
    with pytest.raises(GateError, match=r"0\.0\.1 is too old") as raised:
        asks()
    assert "placeholder" in raised.value.hint


def test_client_that_does_not_know_local_paths_is_too_old(asks, vendors):
    """What cannot be left out is told."""
    vendors.does(refuses=["--model-path"])
    [verdict] = asks().verdicts
    assert verdict.eval_outcome is EvalOutcome.ERROR
    assert "too old: it does not know --model-path" in verdict.error


def test_client_that_does_not_end_is_an_error(asks, vendors):
    """airs.md 1.4: what the client does on a poll timeout is not documented; the gate has a clock of its own."""
    vendors.answers(scan("BLOCKED"), sleeps=30)
    [verdict] = asks(timeout=1).verdicts
    assert (verdict.eval_outcome, verdict.group) == (EvalOutcome.ERROR, GROUP)
    assert "did not end within 1 seconds" in verdict.error


def test_client_that_is_killed_is_an_error(asks, vendors):
    """airs.md 1.1: a scan may use up to 4 GB of memory; a system without it kills."""
    vendors.answers(scan(), code=-9)
    [verdict] = asks().verdicts
    assert "SIGKILL" in verdict.error
    assert "4 GB" in verdict.hint


def test_output_without_end_is_an_error(asks, vendors, monkeypatch):
    """More than is kept is said to be more; the client is not held up by it."""
    monkeypatch.setattr(process, "LONGEST", 100_000)
    vendors.answers("INFO words\n", times=50_000)
    assert "printed more than" in asks().verdicts[0].error


@pytest.mark.parametrize(
    "leak",
    [
        SECRET,
        b64encode(f"{NAME}:{SECRET}".encode()).decode(),
        "https://user:token-of-the-index@pypi.example/simple",
        "Authorization: Bearer abcdefghijklmnop.qrstuvwxyz",
        "s3cr%2Bt%2Fof%3Dthe%26account",
    ],
)
def test_what_a_client_spills_is_not_told(asks, vendors, leak):
    """Secrets are redacted from captured output: plain, quoted, as Basic base64, as tokens in addresses and headers."""
    vendors.answers(scan("ERROR", error_message=leak), code=2, stderr=f"Traceback: {leak}")
    run = asks()
    said = repr(run_record(run))
    assert "***" in said
    assert not any(word in said for word in (leak, SECRET, "token-of-the-index", "qrstuvwxyz"))


BUILDS = {
    "Azure Pipelines": ({"BUILD_REPOSITORY_NAME": "ml/mo dels", "BUILD_SOURCEBRANCH": "refs/heads/a.b",
                         "BUILD_BUILDID": "7", "BUILD_SOURCEVERSION": "abc"}, "ml-mo-dels", "refs-heads-a-b"),
    "GitHub": ({"GITHUB_REPOSITORY": "o/r", "GITHUB_REF_NAME": "main", "GITHUB_RUN_ID": "7", "GITHUB_SHA": "abc"},
               "o-r", "main"),
    "GitLab": ({"CI_PROJECT_PATH": "g/p", "CI_COMMIT_REF_NAME": "v1.2", "CI_PIPELINE_ID": "7", "CI_COMMIT_SHA": "abc"},
               "g-p", "v1-2"),
    "Jenkins": ({"GIT_URL": "https://u:tok@h/o/r.git", "GIT_BRANCH": "origin/x", "BUILD_TAG": "7", "GIT_COMMIT": "abc"},
                "o-r-git", "origin-x"),
}  # fmt: skip


@pytest.mark.parametrize("host", BUILDS)
def test_labels_tell_the_build(host):
    """airs.md 7: `[A-Za-z0-9_-]` alone, so that `.`, `/`, `:` and spaces must be rewritten."""
    environ, repository, branch = BUILDS[host]
    assert labels_of({}, environ | {"CI_JOB_NAME": "$(UNSET)"}) == {
        "repository": repository, "branch": branch, "build": "7", "commit": "abc"
    }  # fmt: skip


def test_labels_keep_to_the_tenants_bounds():
    """airs.md 7: 50 labels a scan; a key of 1 to 128 characters, a value of 1 to 256."""
    made = labels_of({"labels": {f"k{n}" + "x" * 200: "v" * 300 for n in range(60)} | {"": "a", "b": "?"}}, {})
    assert len(made) == 50
    assert max(map(len, made)) == 128
    assert set(map(len, made.values())) == {256}
    assert labels_of({"labels": False}, {"GITHUB_SHA": "abc"}) == {}


def test_labels_reach_the_client(asks, vendors, monkeypatch):
    """airs.md 1.3: `-l key=value`, repeatable."""
    monkeypatch.setenv("GITHUB_SHA", "abc")
    asks()
    words = vendors.scans[0]["words"]
    assert words[words.index("-l") + 1] == "commit=abc"


@pytest.fixture
def many(model, monkeypatch):
    """Seven files where three are the most, in folders."""
    monkeypatch.setattr(parts, "__defaults__", (3,))
    for n in range(5):
        (model / f"d{n % 2}").mkdir(exist_ok=True)
        (model / f"d{n % 2}" / f"{n}.bin").write_bytes(bytes([n]))
    return model


def test_many_files_are_split_and_none_is_lost(asks, vendors, many):
    """airs.md 7: 1,000 files a scan. Relative paths stay, each file is in one part, and the parts go again."""
    run = asks(many)
    shown = [name for call in vendors.scans for name in call["files"]]
    assert [len(call["files"]) for call in vendors.scans] == [3, 3, 1]
    assert sorted(shown) == sorted(os.path.relpath(p, many) for p in many.rglob("*") if p.is_file())
    paths = [call["words"][call["words"].index("--model-path") + 1] for call in vendors.scans]
    assert all(os.path.isabs(path) and os.path.basename(path) == "mine" for path in paths)
    assert not any(map(os.path.exists, paths))
    assert "weighed in 3 scans of 3, 3, 1 files" in run.verdicts[0].notes[0]


@pytest.mark.parametrize(
    ("words", "outcome", "code"),
    [
        (["ALLOWED", "ALLOWED", "ALLOWED"], EvalOutcome.ALLOWED, 0),
        (["ALLOWED", "BLOCKED", "ERROR"], EvalOutcome.BLOCKED, 1),
        (["ERROR", "ALLOWED", "ALLOWED"], EvalOutcome.ERROR, 2),
    ],
)
def test_worst_part_decides(asks, vendors, many, words, outcome, code):
    """Blocked if any is; an error if any is; all parts are asked, whatever the first says."""
    ends = {"ALLOWED": 0, "BLOCKED": 1, "ERROR": 2}
    vendors.does(answers=[{"stdout": scan(word, 5 if word == "BLOCKED" else 7), "code": ends[word]} for word in words])
    run = asks(many)
    assert (run.verdicts[0].eval_outcome, run.exit_code, len(vendors.scans)) == (outcome, code, 3)
    assert run.verdicts[0].counted == ((5, 7) if outcome is EvalOutcome.BLOCKED else (7, 7))


def test_disk_that_is_full_is_an_error(many, monkeypatch):
    """No part is weighed that does not lie there whole."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.link", full)
    monkeypatch.setattr("shutil.copyfile", full)
    with pytest.raises(GateError, match="No space left"):
        list(parts(many, 3))


def test_history_and_neighbours_are_not_shown(asks, vendors, model):
    """A repository's history does not ship; what the gate itself would not open is not handed on."""
    (model / ".git").mkdir()
    (model / ".git" / "object").write_text("x")
    assert asks().exit_code == 0
    assert vendors.scans[0]["files"] == ["config.json", "notes.md"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX")
def test_pipe_is_not_handed_on(asks, vendors, model):
    """The client would wait for ever."""
    os.mkfifo(model / "weights.bin")
    [verdict] = asks().verdicts
    assert verdict.eval_outcome is EvalOutcome.ERROR
    assert "no regular file" in verdict.error
    assert vendors.scans == []


def test_program_is_not_named_by_a_configuration(asks, vendors, model, tmp_path, monkeypatch):
    """It is handed the secrets, and whoever opens a pull request may write a weighbridge.toml: the key is none."""
    evil, ran = tmp_path / "evil", tmp_path / "ran"
    evil.write_text(f"#!/bin/sh\ntouch {ran}\n")
    evil.chmod(0o755)
    with pytest.raises(GateError, match=r"program = .* is not understood"):
        asks(program=str(evil))
    (model / "weighbridge.toml").write_text(f'[airs]\nprogram = "{evil}"\n')
    monkeypatch.chdir(model)
    assert run_words(weighbridge, "weighbridge", ["scan", ".", "-sg", GROUP]) == 2
    assert not ran.exists()
    assert not vendors.log.exists()


def test_single_file_is_a_model(asks, vendors, model):
    """By its own absolute path."""
    asks(model / "config.json")
    assert vendors.scans[0]["words"][4] == str(model / "config.json")


def evaluated(result="FAILED", state="BLOCKING", name=RULE, **more):
    return {"uuid": name, "rule_name": name, "result": result, "rule_instance_state": state} | more


def test_violation_without_an_evaluation_is_not_lost(asks, vendors, tenant):
    """A custom rule, a page of one item, no UUIDs: every violation is told, and read back from JSON as it was."""
    tenant.most = 1
    tenant.lists = {
        "evaluations": [evaluated()],
        "rule-violations": [
            {"rule_name": RULE, "threat": "PAIT-PKL-100", "module": "posix", "operator": "system", "file": "model.pkl"},
            {"rule_name": "House Rule", "rule_instance_state": "BLOCKING", "threat": None, "description": "no label"},
        ],
    }
    vendors.answers(scan("BLOCKED", 0, 2), code=1)
    run = asks()
    lines = render(run)
    assert f"- PAIT-PKL-100: {RULE} (posix.system) in model.pkl" in lines
    assert "- HOUSE_RULE: House Rule" in lines
    assert run_of(run_record(run)).verdicts == run.verdicts


@pytest.mark.parametrize("result", ["FAILED", "ERROR"])
def test_allowed_with_a_blocking_rule_that_failed_or_broke_is_an_error(asks, tenant, result):
    """airs.md 2: BLOCKED iff at least one rule in state BLOCKING evaluated FAILED; RuleEvaluationResult may be ERROR,
    and a rule that was not answered has not passed."""
    tenant.lists = {"evaluations": [evaluated(result)]}
    [verdict] = asks().verdicts
    assert verdict.eval_outcome is EvalOutcome.ERROR
    assert "contradict" in verdict.error


def test_result_of_tomorrow_leaves_the_outcome_its_word(asks, tenant):
    """airs.md 0: a client must tolerate unknown enum values."""
    tenant.lists = {"evaluations": [evaluated("NOT_APPLICABLE")]}
    assert asks().exit_code == 0


def test_allowed_with_a_rule_that_failed_without_blocking_is_allowed(asks, tenant):
    """airs.md 2: ALLOWING failures count in rules_failed but do not block."""
    tenant.lists = {"evaluations": [evaluated(state="ALLOWING")]}
    assert asks().exit_code == 0


@pytest.mark.parametrize("name", REPORTS.names())
def test_every_report_can_tell_a_failed_rule_without_violations(asks, vendors, tenant, name):
    """The tenant may hand out evaluations and keep the violations to itself."""
    tenant.lists = {"evaluations": [evaluated()]}
    vendors.answers(scan("BLOCKED", 0, 1), code=1)
    assert "BLOCKED" in REPORTS.load(name).render(asks()) or name in ("sarif", "junit")


def test_sums_that_do_not_add_up_are_told(asks, vendors, tenant):
    """eval_summary says 5/7, the evaluations 0/1."""
    tenant.lists = {"evaluations": [evaluated()]}
    vendors.answers(scan("BLOCKED", 5), code=1)
    assert any("sums say 5/7" in note and "0/1" in note for note in asks().verdicts[0].notes)


def test_files_that_were_not_read_are_told(asks, tenant):
    """airs.md 1.7(c): the files are a tree; SKIPPED and ERROR files were not weighed."""
    made = [("onnx", "SUCCESS", "DIRECTORY", "/"), (".gitattributes", "SKIPPED", "FILE", "/"),
            ("onnx/model.onnx", "ERROR", "FILE", "/onnx"), ("config.json", "SUCCESS", "FILE", "/")]  # fmt: skip
    tenant.lists = {"files": [dict(zip(("path", "result", "type", "parent_path"), one)) for one in made]}
    [verdict] = asks().verdicts
    assert {file.path: file.result for file in verdict.files} == {
        ".gitattributes": FileResult.SKIPPED, "onnx/model.onnx": FileResult.ERROR, "config.json": FileResult.SUCCESS
    }  # fmt: skip
    assert verdict.eval_outcome is EvalOutcome.ERROR
    assert verdict.error == (
        "Prisma AIRS says ALLOWED, and could not read 1 file (ERROR): onnx/model.onnx: what was not read is not allowed"
    )
    assert "Strata Cloud Manager" in verdict.hint
    assert "Prisma AIRS could not read 1 file (ERROR): onnx/model.onnx" in verdict.notes
    assert "Prisma AIRS did not look into 1 file (SKIPPED): .gitattributes" in verdict.notes


def file(result):
    return {"path": "a.bin", "type": "FILE"} | ({"result": result} if result else {})


@pytest.mark.parametrize(
    ("result", "said", "outcome"),
    [
        ("ERROR", "ALLOWED", EvalOutcome.ERROR),
        ("DEFERRED", "ALLOWED", EvalOutcome.ERROR),
        ("", "ALLOWED", EvalOutcome.ERROR),
        ("SKIPPED", "ALLOWED", EvalOutcome.ALLOWED),
        ("FAILED", "ALLOWED", EvalOutcome.ALLOWED),
        ("SUCCESS", "ALLOWED", EvalOutcome.ALLOWED),
        ("ERROR", "BLOCKED", EvalOutcome.BLOCKED),
    ],
)
def test_file_that_was_not_read_is_not_allowed(asks, vendors, tenant, result, said, outcome):
    """airs.md 2: FileScanResult is SKIPPED, SUCCESS, ERROR or FAILED; a word of tomorrow is no success. What fails a
    rule without blocking is FAILED under ALLOWED."""
    vendors.answers(scan(said), code=int(said == "BLOCKED"))
    tenant.lists = {"files": [file("SUCCESS") | {"path": "b.bin"}, file(result)]}
    [verdict] = asks().verdicts
    assert verdict.eval_outcome is outcome
    [strict] = asks(block_on_errors=True).verdicts
    assert strict.eval_outcome is (EvalOutcome.BLOCKED if outcome is EvalOutcome.ERROR else outcome)


@pytest.mark.parametrize("shut", ["evaluations", "rule-violations", "files"])
def test_without_a_permission_the_verdict_stands(asks, vendors, tenant, shut):
    """airs.md 3.1: ai_ms.evaluations and ai_ms.files are permissions of their own."""
    tenant.shut = {shut}
    vendors.answers(scan("BLOCKED", 5), code=1)
    [verdict] = asks().verdicts
    assert (verdict.eval_outcome, verdict.rules_passed) == (EvalOutcome.BLOCKED, 5)
    assert any("403" in note for note in verdict.notes)
    assert SCAN in verdict.link


def test_one_token_serves_a_run(asks, tenant, model):
    """airs.md 3.1: a token lasts about 15 minutes, and serves both planes."""
    (model.parent / "other").mkdir()
    (model.parent / "other" / "config.json").write_text("{}")
    asks(model.parent)
    assert tenant.tokens == 1


def test_credentials_stand_in_the_environment_of_the_client(asks, vendors, monkeypatch):
    """The mission's names; what Azure Pipelines leaves of an unset endpoint does not reach the client."""
    monkeypatch.setenv("MODEL_SECURITY_API_ENDPOINT", "$(MODEL_SECURITY_API_ENDPOINT)")
    vendors.answers(scan("PENDING"))
    vendors.does(show=[*CREDENTIALS, "MODEL_SECURITY_API_ENDPOINT"])
    asks()
    assert vendors.scans[0]["environ"] == CREDENTIALS | {
        "MODEL_SECURITY_API_ENDPOINT": "https://api.sase.paloaltonetworks.com/aims"
    }
