"""The report of a scan in each format."""
