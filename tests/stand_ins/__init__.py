"""Servers and programs of others, played on this machine."""
