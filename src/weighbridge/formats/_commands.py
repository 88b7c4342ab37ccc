"""Lines for a shell: what opens one to the outside, and what installs packages of Python."""

from __future__ import annotations

import re
from functools import cache

INSTALLS = re.compile(
    r"\b(?:pip[\d.]*|uv|conda|mamba)\s+(?:pip\s+)?(?:install|download|wheel|sync|add)\b[^;&|\n]*"
    r"|\bPIP_(?:EXTRA_INDEX_URL|INDEX_URL|FIND_LINKS)[ =][^;&|\n]*"
)
VARIABLES = {  # as long as what they stand for, so that places stay
    "PIP_EXTRA_INDEX_URL": " --extra-index-url ",
    "PIP_INDEX_URL": " --index-url ",
    "PIP_FIND_LINKS": " --find-links ",
}
SHELL = r"(?:sudo\s+(?:-\w+\s+)*)?(?:/(?:usr/)?bin/)?(?:(?:ba|z|da|k)?sh|python[\d.]*|perl|ruby|node)\b"
UNPROTECTED = r"(?:http://(?!localhost|127\.)|(?:ftp://)|https?://\d+\.\d+\.\d+\.\d+)"


@cache
def hostile() -> re.Pattern[str]:
    """What no build and no tool of a model does: shells to the outside, code in disguise, code without a lock."""
    return re.compile(
        r"/dev/(?:tcp|udp)/|\b(?:nc|ncat|netcat)\b[^|;\n]{0,80}\s-\w*[ec]\b|mkfifo\s[^\n]{0,80}\bn(?:c|cat)\b"
        rf"|\b(?:curl|wget)\b[^\n|]{{0,300}}{UNPROTECTED}[^\n|]{{0,300}}\|\s*{SHELL}"
        rf"|{SHELL}\s+(?:-c\s+)?[\"']?(?:<\(|\$\(|`)\s*(?:curl|wget)\b[^\n)]{{0,200}}{UNPROTECTED}"
        rf"|\b(?:curl|wget)\b[^\n]{{0,300}}{UNPROTECTED}[^\n]{{0,200}}(?:&&|;)[^\n]{{0,100}}\b(?:chmod\s+\+?[0-7x]+|(?:ba)?sh\s|\./)"
        rf"|\bbase64\s+(?:-d|-D|--decode)\b[^\n]{{0,80}}\|\s*{SHELL}|\bxxd\s+-r\b[^\n]{{0,80}}\|\s*{SHELL}"
        r"|\bpowershell[^\n]{0,120}\s[-/]e(?:nc|c|ncodedcommand)?\s+[A-Za-z0-9+/=]{8}"
        r"|(?i:\bIEX\b|\bInvoke-Expression\b)[^\n]{0,120}(?i:DownloadString|Invoke-WebRequest|\biwr\b|FromBase64)"
        r"|(?i:DownloadString|\biwr\b|Invoke-WebRequest)[^\n]{0,200}\|\s*(?i:IEX|Invoke-Expression)\b"
        r"|\bcertutil\b[^\n]{0,40}-urlcache|\bmshta\s+[\"']?https?:|\bregsvr32\b[^\n]{0,60}/i:https?:"
        r"|>>?\s*\S*(?:authorized_keys|/etc/(?:cron|ld\.so\.preload|sudoers))|\|\s*crontab\b"
        r"|\bsocket\b[^\n]{0,300}\bdup2\b|\brm\s+-rf?\s+(?:--no-preserve-root\s+)?/(?:\s|\*|$)"
    )


@cache
def injected() -> re.Pattern[bytes]:
    """A command behind the end of another word, or a call of Python's: no name, path or parameter is one."""
    return re.compile(
        rb"(?:[;&|`]|\$\()\s*(?:sudo\s+)?(?:curl|wget|bash|powershell|python3?|chmod|ncat|netcat)\s+[ -~]{3,120}"
        rb"|__import__\s*\(\s*[\"']\w+[\"']|\b(?:os\.(?:system|popen)|subprocess"
        rb"\.(?:run|call|Popen|check_\w+)|pty\.spawn)\s*\(|\bimport\s+os\s*;|/dev/tcp/"
    )


def installing(text: str) -> str:
    """Of lines for a shell, what installs packages of Python; all else is blank, so that places stay."""
    joined = re.sub(r"\\\r?\n", lambda found: " " * len(found[0]), text)
    made, end = [], 0
    for found in INSTALLS.finditer(joined):
        made.append(re.sub(r"[^\n]", " ", joined[end : found.start()]))
        made.append(re.sub("|".join(VARIABLES), lambda name: VARIABLES[name[0]], found[0]))
        end = found.end()
    return "".join(made)
