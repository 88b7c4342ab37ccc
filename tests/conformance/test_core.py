"""What `make conformance` cannot do without: a check that is skipped has shown nothing."""

import importlib
import os

import pytest

CORE = """numpy h5py pyfive onnx safetensors gguf flatbuffers tflite google.protobuf msgpack joblib skops lightgbm
sentencepiece tokenizers rdata py7zr""".split()


@pytest.mark.skipif(not os.environ.get("WEIGHBRIDGE_CONFORMANCE"), reason="make conformance asks for it")
@pytest.mark.parametrize("name", CORE)
def test_library_is_there(name):
    """As the group `conformance` lists it."""
    importlib.import_module(name)
