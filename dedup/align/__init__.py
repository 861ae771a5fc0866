"""Where a submission and the collection hold the same text: regions, matches, and what each of them is.

::

    hits of grams → regions → tiles → matches → judged, selected → passages with kind, status and reason codes
"""
