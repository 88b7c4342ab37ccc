"""TensorFlow's messages as text: the fields that matter, by name."""

from __future__ import annotations

from weighbridge.readers.prototext import NUMBER, TEXT

ENUMS = {"DT_STRING": 7, "DT_VARIANT": 21, "DT_RESOURCE": 20}
SCHEMA = {
    "saved model": {"saved_model_schema_version": (1, NUMBER), "meta_graphs": (2, "meta graph")},
    "meta graph": {
        "graph_def": (2, "graph"),
        "saver_def": (3, "saver"),
        "collection_def": (4, "collection entry"),
        "signature_def": (5, "signature entry"),
        "asset_file_def": (6, "asset"),
        "object_graph_def": (7, "objects"),
    },
    "saver": {"restore_op_name": (3, TEXT)},
    "collection entry": {"key": (1, TEXT), "value": (2, "collection")},
    "collection": {"node_list": (1, "names"), "any_list": (5, "any list")},
    "any list": {},
    "names": {"value": (1, TEXT)},
    "signature entry": {"key": (1, TEXT), "value": (2, "signature")},
    "signature": {"outputs": (2, "output entry")},
    "output entry": {"key": (1, TEXT), "value": (2, "tensor info")},
    "tensor info": {"name": (1, TEXT)},
    "asset": {"tensor_info": (1, "tensor info"), "filename": (2, TEXT)},
    "objects": {"nodes": (1, "object")},
    "object": {
        "children": (1, "child"),
        "user_object": (4, "user object"),
        "function": (6, "saved function"),
        "bare_concrete_function": (8, "bare function"),
    },
    "child": {"node_id": (1, NUMBER), "local_name": (2, TEXT)},
    "user object": {"identifier": (1, TEXT), "metadata": (3, TEXT)},
    "saved function": {"concrete_functions": (1, TEXT)},
    "bare function": {"concrete_function_name": (1, TEXT)},
    "graph": {"node": (1, "node"), "library": (2, "library")},
    "node": {"name": (1, TEXT), "op": (2, TEXT), "input": (3, TEXT), "attr": (5, "attribute entry")},
    "attribute entry": {"key": (1, TEXT), "value": (2, "value")},
    "value": {"list": (1, "list"), "s": (2, TEXT), "tensor": (8, "tensor"), "func": (10, "named")},
    "list": {"s": (2, TEXT), "tensor": (8, "tensor"), "func": (9, "named")},
    "named": {"name": (1, TEXT), "attr": (2, "attribute entry")},
    "tensor": {
        "dtype": (1, NUMBER),
        "tensor_content": (4, TEXT),
        "string_val": (8, TEXT),
        "variant_val": (15, "variant"),
    },
    "variant": {"metadata": (2, TEXT), "tensors": (3, "tensor")},
    "library": {"function": (1, "function")},
    "function": {"signature": (1, "operator"), "node_def": (3, "node")},
    "operator": {"name": (1, TEXT), "input_arg": (2, "argument")},
    "argument": {"name": (1, TEXT)},
}
BEGINS = {  # message -> fields that it may begin with
    "saved model": "saved_model_schema_version meta_graphs",
    "meta graph": "meta_info_def graph_def saver_def collection_def signature_def asset_file_def object_graph_def",
    "graph": "node versions version library",
}
