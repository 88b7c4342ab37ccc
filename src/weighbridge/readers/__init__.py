"""Byte grammars that hold no opinion: what is there, where, never what it means."""
