"""weighbridge: a gate that no AI/ML model passes into a build unweighed."""

__version__ = "0.1.0"
