"""Framing tried out: invented victims, cheap attackers, and what a run makes of them."""
