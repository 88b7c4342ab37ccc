"""Keras configurations: what a layer, a loss or an optimizer says of itself, at any depth."""
