"""What the ONNX formats share: messages, operators, external data."""
