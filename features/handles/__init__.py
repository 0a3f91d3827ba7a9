"""Handles: folded, cut into sortable keys, compared."""
