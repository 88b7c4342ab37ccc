"""What LiteRT models are judged by: custom operators, TensorFlow nodes within them, sizes."""
