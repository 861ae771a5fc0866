"""From plain text to what is matched: folding, offsets, structure, sentence borders.

::

    text → normalize (one folded code a surviving character, with its offset)
    text → structure.parse → Document (paragraphs with their kinds, parts, notices)
    Document → stream (the normalised characters of one part that take part in matching)
    Document → find_forms (which of what takes part is the form of the paper, not anybody's text)

`structure` asks `parts`, `contents`, `notice`, `head`, `foot` and `running` what the lines of a file are, and
these tell lines by their `looks`: `furniture`, `labels`, `titles`, `page_items`. `forms` are `formulas`,
`customs` and `blank_forms` too; `origin`, `units`, `official` and `dates` tell whose paper it is, and when.
"""
