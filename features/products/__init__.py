"""Products: what is offered, by its common names, and how much of it."""
