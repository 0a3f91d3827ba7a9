"""Forms of files: each gives the tables in a file as chunks of rows."""
