"""What contact and wallet share: who shows a value, whose it is, and what that makes of a pair."""
