"""How fast, how lean, how right: measured beside the peers, in one run."""
