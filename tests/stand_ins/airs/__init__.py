"""Prisma AIRS AI Model Security on this machine: a tenant, its two planes, its private index, its client.

Built from what is published and was recorded of the vendor (the shapes stand in `openapi.yaml`). The verdicts are the
embedded engine's, in the vendor's words; nothing here is the vendor's.
"""
