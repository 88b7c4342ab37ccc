"""What a service says that we do not understand, and what it says that is not true: the two are never confused."""

from weighbridge.errors import GateError


class Surprise(GateError):
    """The service speaks another protocol than we know. Another way of fetching may understand it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, hint="fetch with artifacttool or az, and tell the makers of weighbridge")


class Corrupt(GateError):
    """Bytes are not those that their own hash promises. No other way is tried: somebody has to look."""

    def __init__(self, message: str) -> None:
        hint = "run again; where it stays so, the package was damaged or tampered with: publish it anew"
        super().__init__(message, hint=hint)
