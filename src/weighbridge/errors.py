"""What can stop the gate from answering, and how to mend it.

Hostile content is a finding; a broken machine is an error: the two never share a class.
"""


class GateError(Exception):
    """The machine, not the model, is at fault: no verdict can be given (exit code 2).

    `hint` says what to do next, in the imperative.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Malformed(Exception):
    """The content is not what it claims to be: becomes a finding, never an error, never a pass.

    `offset` counts bytes from the start of the blob that was read; -1 when no place can be named.
    """

    def __init__(self, message: str, offset: int = -1) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class Exhausted(Malformed):
    """A bound on what we are willing to read was spent: what lies beyond it was not weighed."""


class Undecodable(Malformed):
    """The bytes need a decoder (lz4, zstd, 7z, a password ...) that is not here: nothing inside was weighed."""
