"""What archives of every kind have in common: names that lead out of the folder they are unpacked in."""

from weighbridge.policy.finding import Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION

SLIP = Threat(
    "ARV-100",
    "Archive member leaves the folder it is unpacked in",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    airs="PAIT-ARV-100",
    cwe=22,
    what="A member whose name climbs (`..`), is absolute, or that is a link leading out, writes where its maker "
    "chooses when a loader unpacks the archive.",
    remedy="Make the archive again from the files themselves.",
)


def plain(name: str) -> str:
    """A name as the most forgiving file system sees it."""
    if not name.isascii():
        from unicodedata import normalize

        name = normalize("NFC", name).casefold()
    name = name.lower()
    if "./" not in name and " /" not in name and not name.endswith((".", " ")):
        return name
    return "/".join(part.rstrip(". ") or part for part in name.split("/"))
