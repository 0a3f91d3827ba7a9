"""The doors: HTTP, pages, command line, nightly run."""
