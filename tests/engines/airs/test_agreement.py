"""Exit code and outcome must agree: every combination of the two, and what each becomes."""

import json
from itertools import product

import pytest

from tests.engines.airs.driven import GROUP, SCAN, scan
from weighbridge.engines.airs.results import verdict_of
from weighbridge.errors import GateError
from weighbridge.outside.process import Done
from weighbridge.policy.verdict import EvalOutcome, ModelName

CODES = (0, 1, 2, 3, -9)
OTHER = "880e8400-e29b-41d4-a716-446655440000"
NEVER_ALLOWED = {
    "PENDING": scan("PENDING"),
    "ERROR": scan("ERROR", error_code="SCAN_ERROR", error_message="boom"),
    "a word of tomorrow": scan("DEFERRED"),
    "another enumeration": scan("Other.ALLOWED"),
    "an outcome that is no text": scan({"value": "ALLOWED"}),
    "null": scan(None),
    "no outcome": json.dumps({"uuid": SCAN, "eval_summary": {"rules_passed": 7, "total_rules": 7}}),
    "nothing": "",
    "half a scan": scan()[:-20],
    "a list": '["ALLOWED"]',
    "a list of scans": f"[{scan()}]",
    "single quotes": "{'uuid': '770e8400', 'eval_outcome': 'ALLOWED'}",
    "ALLOWED without a UUID": json.dumps({"eval_outcome": "ALLOWED"}),
    "ALLOWED with a UUID that is none": scan(uuid="all of them"),
    "ALLOWED by another group": scan(security_group_uuid=OTHER),
    "ALLOWED with an error code": scan(error_code="POLICY_EVAL_ERROR"),
    "two scans": scan() + "\n" + scan(uuid=OTHER),
    "ALLOWED, and PENDING after it": scan() + "\n" + scan("PENDING"),
    "ALLOWED, and a log line that says ERROR": scan() + '\nINFO {"eval_outcome": "ERROR"} was told',
    "ALLOWED, and a log line that says BLOCKED": scan() + '\nINFO upload {"eval_outcome": "BLOCKED"} ended',
    "ALLOWED, and an escaped BLOCKED": scan() + '\n{"message": "{\\"eval_outcome\\": \\"BLOCKED\\"}"}',
    "ALLOWED twice in one object": scan().replace("{", '{"eval_outcome": "BLOCKED",', 1),
    "ALLOWED in the midst of a line": f"INFO the scan is {json.dumps(json.loads(scan()))}",
    "ALLOWED, and more on its line": f"{json.dumps(json.loads(scan()))} as the file was named",
}
BLOCKED = {
    "BLOCKED": scan("BLOCKED", 5),
    "spelled by str()": scan("EvalOutcome.BLOCKED", 5),
    "without anything else": '{"eval_outcome": "BLOCKED"}',
    "a log line ALLOWED before it": '{"eval_outcome": "ALLOWED"}\n' + scan("BLOCKED", 5),
    "a log line ALLOWED after it": scan("BLOCKED", 5) + '\n{"eval_outcome": "ALLOWED"}',
    "another scan ALLOWED before it": scan(uuid=OTHER) + "\n" + scan("BLOCKED", 5),
    "another scan ALLOWED after it": scan("BLOCKED", 5) + "\n" + scan(uuid=OTHER),
    "the same scan ALLOWED after it": scan("BLOCKED", 5) + "\n" + scan(),
    "an ERROR after it": scan("BLOCKED", 5) + "\n" + scan("ERROR", uuid=OTHER),
    "PENDING before it": scan("PENDING") + "\n" + scan("BLOCKED", 5),
}
ALLOWED = {
    "ALLOWED": scan(),
    "spelled by str()": scan("EvalOutcome.ALLOWED"),
    "in lower case": scan("allowed"),
    "with a rule that failed without blocking": scan(passed=6),
    "PENDING before it": scan("PENDING") + "\n" + scan(),
    "told twice": scan() + "\n" + scan(),
    "logs around it": "INFO start {\n" + '{"event": "upload"}\n' + scan() + "\nINFO end }\n{}",
    "on one line": json.dumps(json.loads(scan())),
    "sums that are none": scan(eval_summary={"rules_passed": True, "total_rules": -1}),
    "a group in capitals": scan(security_group_uuid=GROUP.upper()),
}


def word(output, code, **more):
    """What becomes of it: ALLOWED, BLOCKED, or why there is no verdict."""
    try:
        done = Done(code, output, ("UserWarning: noise",), **more)
        return verdict_of(ModelName("m"), "airs", GROUP, done)[0].eval_outcome
    except GateError as error:
        return error


@pytest.mark.parametrize(("code", "name"), [*product(CODES, NEVER_ALLOWED)])
def test_what_is_no_answer_allows_nothing(code, name):
    """airs.md 1.4: without --block-on-errors an ERROR or PENDING scan exits 0, so exit 0 alone is no proof."""
    answer = word(NEVER_ALLOWED[name], code)
    assert isinstance(answer, GateError)
    assert answer.message
    assert answer.hint


@pytest.mark.parametrize(("code", "name"), [*product(CODES, BLOCKED)])
def test_a_block_stands_however_the_client_ends(code, name):
    """airs.md 1.4: BLOCKED exits 1 with the scan on stdout; --report-only exits 0. It is a block still."""
    assert word(BLOCKED[name], code) is EvalOutcome.BLOCKED


@pytest.mark.parametrize("name", ALLOWED)
def test_allowed_and_exit_0_allow(name):
    """airs.md 1.4: 0 is no violation; 2: ALLOWING failures count in rules_failed but do not block."""
    assert word(ALLOWED[name], 0) is EvalOutcome.ALLOWED


LIVE = {  # airs.md 1.8, as recorded: outcome, rules passed of all, exit code
    "any safe .safetensors, Default LOCAL": ("ALLOWED", 7, 7, 0),
    "a pickle that calls os.system, Default LOCAL: 2/7 failed": ("BLOCKED", 5, 7, 1),
    "google/timesfm-2.5-200m-pytorch, Default HF": ("ALLOWED", 11, 11, 0),
    "opendiffusion/sentimentcheck, Default HF: BLOCKED 7/11": ("BLOCKED", 4, 11, 1),
    "google/flan-t5-small, Default HF: BLOCKED 1/11": ("BLOCKED", 10, 11, 1),
    "HuggingFaceTB/SmolLM2-135M, Default HF: BLOCKED 1/11": ("BLOCKED", 10, 11, 1),
    "drhyrum/bert-tiny-torch-picklebomb, Default HF: BLOCKED 3/11": ("BLOCKED", 8, 11, 1),
    "lxyuan/distilbert-base-multilingual, Default HF: BLOCKED 3/11": ("BLOCKED", 8, 11, 1),
    "sentence-transformers/all-MiniLM-L6-v2, Default HF: BLOCKED 2/11": ("BLOCKED", 9, 11, 1),
    "openai/clip-vit-base-patch32, Default HF: BLOCKED 3/11": ("BLOCKED", 8, 11, 1),
    "microsoft/DialoGPT-medium, Default HF: BLOCKED 1/11": ("BLOCKED", 10, 11, 1),
    "Qwen/Qwen2.5-3B-Instruct, safetensors alone, Default HF: BLOCKED 2/11": ("BLOCKED", 9, 11, 1),
}


@pytest.mark.parametrize("name", LIVE)
def test_what_was_recorded_of_a_tenant_is_told_as_it_was(name):
    """airs.md 1.8: groups of seven rules and of eleven; the sums are the tenant's."""
    outcome, passed, total, code = LIVE[name]
    verdict, _ = verdict_of(ModelName("m"), "airs", GROUP, Done(code, scan(outcome, passed, total), ()))
    assert (verdict.eval_outcome.value, verdict.rules_passed, verdict.rules_total) == (outcome, passed, total)


@pytest.mark.parametrize(("code", "name"), [*product(CODES[1:], ALLOWED)])
def test_allowed_and_another_exit_contradict_each_other(code, name):
    """airs.md 1.4: 1 is a policy violation, 2 any failure."""
    answer = word(ALLOWED[name], code)
    assert isinstance(answer, GateError)
    assert ("contradict" if code > 0 else "was ended by SIGKILL") in answer.message


def test_exit_of_a_block_with_a_block_in_the_logs_is_a_block():
    """airs.md 1.5: logs at info level interleave with stdout, and an old client knows no other level."""
    assert word(f"INFO done: {json.dumps(json.loads(scan('BLOCKED', 5)))}", 1) is EvalOutcome.BLOCKED


@pytest.mark.parametrize("code", CODES)
def test_output_that_was_cut_allows_nothing(code):
    """What was not read may have said BLOCKED; what was read and says so counts."""
    assert "16 MiB" in word(scan(), 0, whole=False).message
    assert isinstance(word(scan(), code, whole=False), GateError)
    assert word(scan("BLOCKED", 5), code, whole=False) is EvalOutcome.BLOCKED


def test_each_failure_has_its_own_words():
    """Nobody has to guess which of them it was."""
    said = {name: word(text, 0).message for name, text in NEVER_ALLOWED.items()}
    alike = {"nothing", "half a scan", "a list", "single quotes", "a list of scans", "ALLOWED in the midst of a line"}
    alike |= {"null", "no outcome", "ALLOWED, and more on its line"}
    distinct = [message for name, message in said.items() if name not in alike]
    assert len({message.split(" (")[0] for message in distinct}) >= 10, said
    assert said["nothing"] == "model-security ended with 0 and printed no scan"


ADVISED = {  # what the client complains of, and a word of the advice
    "Failed to obtain SCM access token": "MODEL_SECURITY_CLIENT_ID",
    "Error: Failed to retrieve PyPI URL": "MODEL_SECURITY_API_ENDPOINT",
    "HTTP 400: security group source type mismatch": "LOCAL",
    "HTTP 401 Unauthorized": "MODEL_SECURITY_CLIENT_SECRET",
    "HTTP 403 Forbidden": "Model Security access",
    "HTTP 404 for /v1/scans": "Security Group's UUID",
    "HTTP 429 Too Many Requests": "later",
    "[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate": "SSL_CERT_FILE",
    "OSError: [Errno 28] No space left on device": "TMPDIR",
    "MemoryError": "4 GB",
    "ModuleNotFoundError: No module named 'modelscan'": "weighbridge airs install",
    "pending scan data retrieval": "minutes",
    "max scan labels exceeded": "labels",
    "httpx.ConnectError: [Errno 111] Connection refused": "HTTPS_PROXY",
    "400: no files to scan": "embedded engine",
}


@pytest.mark.parametrize("complaint", ADVISED)
def test_complaint_becomes_advice(complaint):
    """airs.md 7, what people hit; the mission's table of troubles; 3.5, what the tenant answers."""
    with pytest.raises(GateError) as raised:
        verdict_of(ModelName("m"), "airs", GROUP, Done(2, "", ("DeprecationWarning: noise", complaint)))
    assert ADVISED[complaint] in raised.value.hint
    assert complaint in raised.value.message
    assert "noise" not in raised.value.message


def test_output_of_braces_is_read_in_time():
    """Names of the model's choosing stand in logs: megabytes of objects that do not close cost no hour."""
    assert isinstance(word('{"a":\n' * 300_000, 0), GateError)
    assert isinstance(word('{"a":{"a":{"a":1,\n' * 100_000, 0), GateError)


def test_link_leads_to_the_scan_of_the_tenant():
    """airs.md 3.5: .../model-security/scans/{uuid}/overview?tsg_id={tsg}; what is no tenant's id stays out of it."""
    at = f"https://stratacloudmanager.paloaltonetworks.com/ai-security/model-security/scans/{SCAN}/overview"
    done = Done(1, scan("BLOCKED"), ())
    assert verdict_of(ModelName("m"), "airs", GROUP, done)[0].link == f"{at}?tsg_id=1234567890"
    done = Done(1, scan("BLOCKED", tsg_id="1&x=##vso[y]"), ())
    assert verdict_of(ModelName("m"), "airs", GROUP, done)[0].link == at
