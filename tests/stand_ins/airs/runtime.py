"""AIRS Runtime Security, played: the other product of the name. It reads what people and applications say to a model.

Recorded: one request holds prompts and responses; the answer is `action` (allow or block) and which detectors spoke:
prompt injection, data loss, toxic content, addresses. No field of it holds a file.
"""

from __future__ import annotations

import re

DETECTORS = {
    "injection": re.compile(r"(?i)\b(?:ignore|disregard) (?:all|any|the|previous)\b|system prompt|you are now"),
    "dlp": re.compile(r"\b(?:\d[ -]?){13,16}\b|-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b"),
    "toxic_content": re.compile(r"(?i)\b(?:idiot|moron|i hate you)\b"),
    "url_cats": re.compile(r"(?i)https?://[\w.-]*(?:malware|phish|evil)[\w.-]*"),
}


def scanned(request: dict[str, list[dict[str, str]]]) -> dict[str, object]:
    """The answer to a request of the text scanner."""
    texts = [text for content in request["contents"] for text in content.values()]
    detected = {name: any(pattern.search(text) for text in texts) for name, pattern in DETECTORS.items()}
    block = any(detected.values())
    return {
        "action": "block" if block else "allow",
        "category": "malicious" if block else "benign",
        "detected": detected,
    }
