"""Affine transforms of a page, as PDF (ISO 32000-1, 8.3.4) and OFD (GB/T 33190) write them: six numbers."""

from __future__ import annotations

Matrix = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f: (x, y) goes to (ax + cy + e, bx + dy + f)."""
SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
"""Leaves everything where it is."""


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """The transform that does what `inner` does, then what `outer` does."""
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
