"""The only rooms with a door to the street: the network, and other programs."""
