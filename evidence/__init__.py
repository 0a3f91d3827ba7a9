"""What came in, and what people ruled."""
