"""Make hashes, signatures and band keys of codes: arithmetic on arrays, without files or state."""
