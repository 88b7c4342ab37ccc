"""What is weighed: blobs, the models that they make up, and how much of them we are willing to read."""

from weighbridge.artifact.blob import Blob, Bytes, Location
from weighbridge.artifact.limits import Limits
from weighbridge.artifact.model import Model

__all__ = ["Blob", "Bytes", "Limits", "Location", "Model"]
