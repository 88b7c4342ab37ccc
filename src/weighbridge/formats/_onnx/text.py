"""ONNX as a Protocol Buffers text: the fields that matter, by name."""

from __future__ import annotations

from weighbridge.readers.prototext import NUMBER, TEXT

ENUMS = {"EXTERNAL": 1, "DEFAULT": 0}
SCHEMA = {
    "model": {
        "ir_version": (1, NUMBER),
        "graph": (7, "graph"),
        "metadata_props": (14, "entry"),
        "training_info": (20, "training"),
        "functions": (25, "function"),
    },
    "training": {"initialization": (1, "graph"), "algorithm": (2, "graph")},
    "graph": {"node": (1, "node"), "initializer": (5, "tensor"), "sparse_initializer": (15, "sparse tensor")},
    "node": {
        "input": (1, TEXT),
        "output": (2, TEXT),
        "op_type": (4, TEXT),
        "attribute": (5, "attribute"),
        "domain": (7, TEXT),
    },
    "attribute": {
        "name": (1, TEXT),
        "i": (3, NUMBER),
        "s": (4, TEXT),
        "t": (5, "tensor"),
        "g": (6, "graph"),
        "tensors": (10, "tensor"),
        "graphs": (11, "graph"),
        "sparse_tensor": (22, "sparse tensor"),
        "sparse_tensors": (23, "sparse tensor"),
    },
    "tensor": {
        "data_type": (2, NUMBER),
        "name": (8, TEXT),
        "external_data": (13, "entry"),
        "data_location": (14, NUMBER),
    },
    "sparse tensor": {"values": (1, "tensor"), "indices": (2, "tensor")},
    "entry": {"key": (1, TEXT), "value": (2, TEXT)},
    "function": {"name": (1, TEXT), "node": (7, "node"), "domain": (10, TEXT), "attribute_proto": (11, "attribute")},
}
BEGINS = {
    "model": "ir_version producer_name producer_version domain model_version doc_string graph opset_import "
    "metadata_props training_info functions configuration"
}
