"""Affine transforms of a page as six numbers, as in PDF (ISO 32000-1, 8.3.4) and OFD (GB/T 33190)."""

from __future__ import annotations

Matrix = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f: maps (x, y) to (ax + cy + e, bx + dy + f)."""
SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
"""The identity transform."""


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """The composition of two transforms: first `inner`, then `outer`."""
    if outer == SAME:
        return inner
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )
