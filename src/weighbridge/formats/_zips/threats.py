"""What can be wrong with a ZIP archive itself."""

from __future__ import annotations

from weighbridge.formats._archives import SLIP
from weighbridge.policy.finding import Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS

TWO_STORIES = Threat(
    "ZIP-401",
    "Archive tells two stories about a member",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=436,
    what="The central directory and the local header name different members, packings or sizes. Loaders believe one or "
    "the other, so that what a scanner reads need not be what is loaded (CVE-2025-1944). Both were read.",
    remedy="Make the archive again with an ordinary tool.",
)
TWICE = Threat(
    "ZIP-402",
    "Archive holds two members of one name",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=694,
    what="Which of the two is loaded depends on the loader. Names that differ only in case or in Unicode form are one "
    "name on some systems. All were read.",
    remedy="Make the archive again from the files themselves.",
)
HIDDEN = Threat(
    "ZIP-403",
    "Archive holds a member that its directory does not list",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=506,
    what="Loaders that read on from header to header find it; tools that read the directory do not. It was read.",
    remedy="Make the archive again from the files themselves.",
)
LOCKED = Threat(
    "ZIP-404",
    "Archive member is marked as encrypted",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    what="Nobody can say what lies in an encrypted member. Where only the mark was set, torch loads the member all the "
    "same (CVE-2025-1945); it was read as if it were plain.",
    remedy="Store the members plainly.",
    incomplete=True,
)
OVERLAP = Threat(
    "ZIP-405",
    "Archive members lie one upon another",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=409,
    what="Members that share their bytes are how a small archive unpacks to more than any disk holds.",
    remedy="Make the archive again from the files themselves.",
)
BREAKS = Threat(
    "ZIP-406",
    "Archive member cannot be unpacked to its end",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=20,
    what="The member's packed bytes break. What came before the break was read, and so were the other members; "
    "scanners that stop here miss them, loaders need not.",
    remedy="Make the archive again from the files themselves.",
    incomplete=True,
)
UNVISITED = Threat(
    "ZIP-407",
    "Headers of storages were left unread",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="The archive lies far away (in a feed), and each header before a storage would cost a request. The directory "
    "leaves no room between these storages for anything else, and torch believes the directory alone; what a "
    "reader would make of them that goes from header to header was not looked at.",
    remedy="Nothing, where torch loads it. To have every header read, weigh the package whole: --fetch artifacttool.",
)
BOMB = Threat(
    "ZIP-408",
    "Archive member unpacks to nearly a thousand times its size",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=409,
    what="The directory says that a small member becomes a large one: hardly anything but one byte, over and over. No "
    "weights are like that; files that exhaust who unpacks them are.",
    remedy="Store the member without compression, if it is honest.",
)
THREATS = (SLIP, TWO_STORIES, TWICE, HIDDEN, LOCKED, OVERLAP, BREAKS, UNVISITED, BOMB)
