"""The commands of `samehand`, a file for each thing a person wants done."""
