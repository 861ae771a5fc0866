"""How well a check finds planted reuse: sets with known answers, the PAN measure, and calibration.

`edits` changes passages as a copier would, `planting` makes a set from documents, `sets` reads one,
`natural` says what stands in both sides anyway, `measures` scores reports against a set.
"""
