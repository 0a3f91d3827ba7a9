"""OpenPGP keys: their packets, who displays them, who signed with them."""
