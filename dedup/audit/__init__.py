"""The log of checks: a line of JSON each, bound to the one before by its digest.

A line has the user, draft, time, corpus, settings and result of a check; it holds no text. `line` defines a
line, `log` adds one, `verification` finds lines that are not as they were written, and `content` makes a
line's content from a report.
"""
