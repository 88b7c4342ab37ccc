"""How much of a hostile file we are willing to read."""

from weighbridge.errors import Exhausted

MIB, GIB = 1 << 20, 1 << 30

BOUNDS = {
    "opcodes": 50_000_000,  # pickle opcodes that the exact machine may run
    "inflated": 8 * GIB,  # bytes that decompressors may produce
    "parsed": 512 * MIB,  # bytes of headers and texts held in memory, all blobs together
    "members": 200_000,  # blobs found inside other blobs
    "findings": 10_000,  # findings kept
}
DEPTH = 16  # containers within containers


class Limits:
    """A purse for one model: every reader spends from it, and an empty purse is `Exhausted`, never a pass."""

    __slots__ = ("depth", "left")

    def __init__(self, depth: int = DEPTH, **bounds: int) -> None:
        """`bounds` override `BOUNDS` by name; an unknown name is a KeyError."""
        self.depth = depth
        self.left = dict(BOUNDS)
        for name, bound in bounds.items():
            if name not in BOUNDS:
                raise KeyError(name)
            self.left[name] = bound

    def spend(self, name: str, amount: int = 1) -> None:
        """Take `amount` from the bound called `name`, or raise `Exhausted` when it does not hold that much."""
        left = self.left[name] - amount
        if left < 0:
            raise Exhausted(f"the bound on {name} is spent: the rest was not weighed")
        self.left[name] = left
