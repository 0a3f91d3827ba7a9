"""Candidates, scores, links and personas; training, evaluation and explanation."""
