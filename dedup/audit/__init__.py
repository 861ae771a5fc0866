"""The log of checks: a line of JSON each, bound to the one before by its digest.

It says who checked what, when, against what, by which settings and with what result; it holds no text.
`line` is what a line is, `log` adds one, `verification` finds lines that are not as they were written, and
`content` says of a report what is logged.
"""
