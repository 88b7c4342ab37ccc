"""A scan that the tenant made before, told as if it had been made now."""

from __future__ import annotations

import re

from weighbridge.engines.airs.api import Api
from weighbridge.engines.airs.details import detailed
from weighbridge.engines.airs.results import told
from weighbridge.errors import GateError
from weighbridge.policy.verdict import EvalOutcome, ModelName, Run

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)


def shown(uuid: str, api: Api | None = None) -> Run:
    """The run of that one scan; one that has not ended is a `GateError`."""
    if not UUID.fullmatch(uuid):
        raise GateError(f"{uuid[:60]!r} is no UUID", hint="a report tells the scan's UUID in its link")
    api = api or Api()
    scan = api.get(f"/data/v1/scans/{uuid}")
    outcome = str(scan.get("eval_outcome", "")).rpartition(".")[2].upper()
    if outcome not in EvalOutcome.__members__:
        raise GateError(f"the scan's outcome is {outcome or 'missing'}", hint="wait until it has ended, and ask again")
    uri = str(scan.get("model_uri") or "")
    name = ModelName(str(scan.get("model_name") or uri or uuid), uri=uri)
    verdict, found = told(name, "airs", str(scan.get("security_group_uuid") or ""), EvalOutcome[outcome], scan)
    if verdict.eval_outcome is EvalOutcome.ERROR:
        said = f"{scan.get('error_code') or 'no code'}: {scan.get('error_message') or 'no message'}"
        return Run((verdict._replace(error=f"Prisma AIRS could not weigh the model ({said})", hint="weigh it again"),))
    return Run((detailed(verdict, found, api) if found else verdict,))
