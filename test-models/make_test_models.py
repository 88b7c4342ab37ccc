"""Makes a benign model and a malicious pickle, to prove that the gate works. Standard library only.

The pickle's command is `echo`: were it ever loaded, it would print a line, and do nothing else.
"""

import json
import struct
from pathlib import Path

OUT = Path(__file__).resolve().parent / "out"


def safetensors(tensors: dict[str, tuple[tuple[int, ...], bytes]]) -> bytes:
    """Weights of 32-bit numbers, by name: shape and bytes."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    body = b""
    for name, (shape, data) in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    said = json.dumps(header, separators=(",", ":")).encode()
    said += b" " * (-len(said) % 8)
    return struct.pack("<Q", len(said)) + said + body


def malicious() -> bytes:
    """A pickle of protocol 2 that calls posix.system when it is loaded."""
    command = b"echo 'this model ran a command'"
    called = b"cposix\nsystem\n" + b"X" + struct.pack("<I", len(command)) + command + b"\x85R"
    return b"\x80\x02}q\x00X\x07\x00\x00\x00weightsq\x01" + called + b"s."


def main() -> None:
    benign = OUT / "benign-model"
    benign.mkdir(parents=True, exist_ok=True)
    weights = struct.pack("<6f", *(n / 10 for n in range(6)))
    (benign / "model.safetensors").write_bytes(safetensors({"layer.weight": ((2, 3), weights)}))
    (benign / "config.json").write_text(json.dumps({"model_type": "linear", "hidden_size": 3}, indent=2) + "\n")
    bad = OUT / "malicious-model"
    bad.mkdir(parents=True, exist_ok=True)
    (bad / "model.pkl").write_bytes(malicious())
    print(f"benign model:    {benign}\nmalicious model: {bad}")


if __name__ == "__main__":
    main()
