"""`python -m weighbridge`: the same words, the same exit codes."""

from weighbridge.cli import main

if __name__ == "__main__":
    main()
