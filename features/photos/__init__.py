"""Photos: decoded in a bounded worker, hashed."""
