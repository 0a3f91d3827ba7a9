"""Titles of listings: counted, weighted, compared among the accounts of two markets."""
