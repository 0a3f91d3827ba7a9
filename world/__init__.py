"""Invents deliveries with a known truth; knows the record schemas and nothing else."""
