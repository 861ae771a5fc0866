"""Prepare plain text for matching: folding, offsets, structure, sentence borders.

::

    text → normalize (one folded code a surviving character, with its offset)
    text → structure.parse → Document (paragraphs with their kinds, parts, notices)
    Document → stream (the normalised characters of one part that take part in matching)
    Document → find_forms (the lines that take part but are form of the genre, not anybody's own text)

`structure` asks `parts`, `contents`, `notice`, `head`, `foot` and `running` what the lines of a file are, and
these recognise lines by their `looks`: `furniture`, `labels`, `titles`, `page_items`. `forms` also uses
`formulas`, `customs` and `blank_forms`; `origin`, `units`, `official` and `dates` find unit, writer and date.
"""
