"""Words in, exit code out."""


def main() -> None:
    """The console script's door."""
    raise SystemExit(2)
