"""Codes → hashes → signatures → band keys: arithmetic on arrays, no files, no state."""
