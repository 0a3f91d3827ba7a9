"""From delivered files to facts: every row stored, known already, or quarantined."""
