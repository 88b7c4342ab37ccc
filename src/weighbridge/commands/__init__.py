"""The words of the command line: one module, one command. `cli` finds them here by listing the folder."""
