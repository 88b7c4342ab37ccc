"""What the TensorFlow formats share: graphs, operators, and where their paths come from."""
