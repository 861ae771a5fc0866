"""Digests for logs whose lines each hold that of the one before: what was altered or moved fits no more.

They show that a log is not what it was to who knows its last digest. Who may write a log can write all of
it anew, and nothing in the log itself tells that.
"""

from __future__ import annotations

import json
from hashlib import sha256


def digest(record: object) -> str:
    """SHA-256 in hexadecimal digits of what JSON can write: of its ASCII form, names in the order they have.

    A record takes part in a chain by holding the digest of the one before it.
    """
    return sha256(json.dumps(record).encode()).hexdigest()
