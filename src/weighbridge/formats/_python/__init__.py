"""What a Python source does when it is imported, and what it holds for later; read off its tree, never run."""
