"""What activity is made of: hours of the day, and what happens around the closing of a market."""
