"""Measure how well a check finds planted reuse: sets with known answers, the PAN measure, calibration.

`edits` changes passages as a copier would, `planting` makes a set from documents, `sets` reads one,
`natural` finds text that both sides share anyway, `measures` scores reports against a set.
"""
