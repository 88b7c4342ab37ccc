"""The stand-in of Prisma AIRS beside the document that our client is held to, by schemathesis."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.builders.pickles import evil
from tests.stand_ins.airs.contract import document
from tests.stand_ins.airs.serving import serving
from tests.stand_ins.airs.tenant import GROUP, ID, SECRET, Tenant
from tests.stand_ins.azure_devops import Asked

pytest.importorskip("schemathesis", reason="make conformance installs it")
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
SEED = "20261125"


def with_names(scan: str) -> dict:
    """The document, with the UUIDs of things that are there: what is behind them is reached."""
    told = json.loads(json.dumps(document()))
    for path, item in told["paths"].items():
        for entry in item.get("get", {}).get("parameters", []):
            if entry["in"] == "path":
                entry["schema"] = {"type": "string", "enum": [scan if "scans" in path else GROUP]}
    told["components"]["schemas"]["asked"]["properties"]["security_group_uuid"]["enum"] = [GROUP]
    return told


def test_stand_in_keeps_to_the_document(tmp_path):
    """Requests that fit it and requests that do not: no answer but what it foresees, and of no other shape."""
    (tmp_path / "model.pkl").write_bytes(evil(4))
    with serving(Tenant()) as tenant:
        tenant.tokens["for-this-test"] = time.time() + 3600
        headers = {"authorization": "Bearer for-this-test", "content-type": "application/json"}
        body = json.dumps({"model_uri": str(tmp_path), "security_group_uuid": GROUP}).encode()
        scan = tenant.answer(Asked("POST", "/aims/data/v1/scans", {}, headers, body)).body["uuid"]
        file = tmp_path / "openapi.json"
        file.write_text(json.dumps(with_names(scan)))
        command = [SCHEMATHESIS, "run", file, "-u", tenant.url, "--checks", CHECKS, "--continue-on-failure"]
        options = ["--max-examples", "10", "--phases", "coverage,fuzzing", "--seed", SEED]
        for auth in (["-H", "Authorization: Bearer for-this-test", "--exclude-path-regex", "oauth2"],
                     ["-a", f"{ID}:{SECRET}", "--include-path-regex", "oauth2"]):  # fmt: skip
            done = subprocess.run(
                [*command, *options, *auth], capture_output=True, text=True, cwd=tmp_path, timeout=200
            )
            assert done.returncode == 0, done.stdout[-6000:]
        reached = {asked.path for asked in tenant.asked}
        assert f"/aims/data/v1/scans/{scan}/rule-violations" in reached
        assert len(tenant.asked) > 100
