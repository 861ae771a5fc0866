"""Digests for logs in which each line holds the digest of the line before, so that changes are detected.

A log can be verified by anyone who knows its last digest. Whoever may write the log can write all of it anew,
which nothing in the log itself shows.
"""

from __future__ import annotations

import json
from hashlib import sha256


def digest(record: object) -> str:
    """SHA-256, in hexadecimal digits, of a record as ASCII JSON, with names in their given order.

    A record is part of a chain if it holds the digest of the one before it.
    """
    return sha256(json.dumps(record).encode()).hexdigest()
