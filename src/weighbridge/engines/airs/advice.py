"""Why there is no verdict: each kind of failure in its own words, and what to do about it."""

from __future__ import annotations

import re
import signal

from weighbridge.errors import GateError
from weighbridge.outside.process import Done

AGAIN = "weigh again; `--block-on-errors` blocks"
NETWORK = "check the network and the proxy (HTTPS_PROXY) between here and MODEL_SECURITY_API_ENDPOINT, and weigh again"
ADVICE = {  # what the client or the tenant says, and the remedy; the first that is found speaks
    r"Failed to obtain SCM access token|invalid_client": "check MODEL_SECURITY_CLIENT_ID, "
    "MODEL_SECURITY_CLIENT_SECRET and TSG_ID",
    r"Failed to retrieve PyPI URL": "check MODEL_SECURITY_API_ENDPOINT; the service account needs Model Security "
    "access",
    r"source type mismatch": "folders and feeds are scanned from disk: name a group whose source type is LOCAL",
    r"CERTIFICATE_VERIFY_FAILED": "name your proxy's certificates with SSL_CERT_FILE",
    r"No space left on device|ENOSPC": "make room: a scan needs twice the model's size on disk (TMPDIR)",
    r"\bMemoryError\b|Cannot allocate memory": "give the agent more memory: a scan may use up to 4 GB",
    r"No module named|ModuleNotFoundError|ImportError": "the client is not whole: run `weighbridge airs install`",
    r"SCAN_DATA_PENDING|pending scan data": "the tenant has no data of it yet: weigh again in some minutes",
    r"max(?:imum)? scan labels": "set fewer labels in [airs.labels] of weighbridge.toml, or labels = false",
    r"no files to scan": "the tenant found no file in it that it scans: weigh it with the embedded engine",
    r"\b401\b|Unauthorized": "check MODEL_SECURITY_CLIENT_ID, MODEL_SECURITY_CLIENT_SECRET and TSG_ID",
    r"\b403\b|Forbidden|ACCESS_DENIED": "the service account needs Model Security access",
    r"\b404\b|RESOURCE_NOT_FOUND": "check the Security Group's UUID: it must be a group of the tenant whose source "
    "type is LOCAL",
    r"\b429\b|Too Many Requests": "the tenant asks for patience: weigh again later, or in smaller shares",
    r"(?i)connection refused|connecterror|connecttimeout|name or service not known|network is unreachable|"
    r"temporary failure in name resolution|remote end closed|connection reset": NETWORK,
    r"still PENDING": "the tenant was slow: weigh again",
}
NOISE = re.compile(r"Deprecat|Warning|^\s*(?:warnings\.warn|class |File \"|\^+$)")


def unanswered(message: str, done: Done, hint: str = "") -> GateError:
    """The failure, with what the client complained of last."""
    complaints = [line.strip() for line in done.complaints if line.strip() and not NOISE.search(line)][-3:]
    text = (message + (f": {' | '.join(complaints)}" if complaints else ""))[:800]
    return GateError(text, hint=hint or advised(text))


def advised(text: str) -> str:
    return next((advice for sign, advice in ADVICE.items() if re.search(sign, text)), AGAIN)


def killed(done: Done) -> GateError:
    """A client that somebody ended: most often the system, for want of memory."""
    try:
        name = signal.Signals(-done.code).name
    except ValueError:
        name = f"signal {-done.code}"
    hint = "give the agent more memory: a scan may use up to 4 GB" if name == "SIGKILL" else AGAIN
    return unanswered(f"model-security was ended by {name} before it had answered", done, hint)
