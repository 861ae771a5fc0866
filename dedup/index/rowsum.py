"""A hash of all rows of a table that follows each change of them, instead of being made anew from all.

It is the sum, modulo 2^128, of the hashes of the rows: a multiset hash (Bellare and Micciancio, EUROCRYPT
1997; Clarke et al., ASIACRYPT 2003), here against accidents. Triggers of the connection tell it of each row
that comes or goes, so no statement can forget to.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

SQLValue = str | int | float | bytes | None

_MODULUS = 1 << 128
_HASHING_FAILED = "user-defined function raised exception"
"""What SQLite says when a function of ours did not come to its end; it does not say why."""


class RowSum:
    """The sum of one table, as a connection that changes it sees it.

    It sees what statements do, not what is taken back: who rolls back puts back the `value` of before.
    """

    def __init__(self, database: sqlite3.Connection, table: str, columns: Sequence[str]) -> None:
        """Watch the table from now on. Raises sqlite3.Error."""
        self.value = 0
        """The sum; whoever watches begins with what it was, or with `counted`."""
        database.create_function("row_came", len(columns), self._came)
        database.create_function("row_went", len(columns), self._went)
        # Without it, rows that REPLACE drives out would go unseen.
        database.execute("PRAGMA recursive_triggers = ON")
        new, old = (", ".join(f"{state}.{name}" for name in columns) for state in ("NEW", "OLD"))
        came, went = f"SELECT row_came({new});", f"SELECT row_went({old});"
        for event, actions in (("INSERT", came), ("DELETE", went), ("UPDATE", went + came)):
            trigger = f"CREATE TEMP TRIGGER on_{event} AFTER {event} ON main.{table}"
            database.execute(f"{trigger} BEGIN {actions} END")

    @staticmethod
    def was_interrupted(error: BaseException) -> bool:
        """Whether an error of a statement stands for Ctrl-C, which came while a row was hashed.

        Nothing else keeps a row of ours from being hashed, and the interruption itself is lost in SQLite.
        """
        return isinstance(error, sqlite3.OperationalError) and str(error) == _HASHING_FAILED

    def _came(self, *row: SQLValue) -> None:
        self.value = (self.value + _hash(row)) % _MODULUS

    def _went(self, *row: SQLValue) -> None:
        self.value = (self.value - _hash(row)) % _MODULUS


def counted(database: sqlite3.Connection, table: str, columns: Sequence[str]) -> int:
    """The sum of the rows that are there. Raises sqlite3.Error."""
    return sum(map(_hash, database.execute(f"SELECT {', '.join(columns)} FROM {table}"))) % _MODULUS


def _hash(row: tuple[SQLValue, ...]) -> int:
    import hashlib  # only writers and `dedup verify` come here, and it costs three milliseconds

    digest = hashlib.blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return int.from_bytes(digest, "big")
