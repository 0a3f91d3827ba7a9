"""What betrays a hand: one file a feature, and the one list of them."""
