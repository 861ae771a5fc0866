"""The text that a submission and the collection hold in common, and what it amounts to.

One module an idea, in the order in which a check uses them::

    regions → tiling → borders → matching     grams → matches with their evidence (evidence, figures, phrases)
    judge → selection                         which matches are copied, and which of them stand
    equal_runs                                runs to the letter that no match holds
    status, kinds, leftovers → describe       passages with borders, kind, status, reason codes
"""
