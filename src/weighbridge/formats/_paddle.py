"""Operators of PaddlePaddle that call Python, touch files or reach the network, in either form of a program."""

from __future__ import annotations

from weighbridge.policy.finding import Severity, Threat
from weighbridge.policy.rules import RUNTIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS

CALLS = Threat(
    "PADDLE-401",
    "Paddle program calls Python",
    RUNTIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=94,
    what="An operator calls a Python function of the process that runs the program; which one, stands outside it.",
    remedy="Export the model again without `py_func` and `py_layer`.",
)
REACHES = Threat(
    "PADDLE-402",
    "Paddle program reaches files or the network",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=73,
    what="An operator reads or writes a file, or talks to another machine, whenever the program runs.",
    remedy="Export the model for inference, which leaves such operators out; do not run this one.",
)
CALLING = frozenset("py_func py_layer".split())
REACHING = frozenset(
    "save save_combine load load_combine sparse_tensor_load lookup_sparse_table_merge create_custom_reader "
    "listen_and_serv heter_listen_and_serv send recv send_and_recv send_barrier fetch_barrier prefetch gen_nccl_id "
    "c_gen_nccl_id checkpoint_notify recv_save".split()
)
