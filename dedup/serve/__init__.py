"""The page and the REST interface of an office: who asks, what is queued, what is shown to whom.

What is found in a draft is found by `dedup.check` in helper processes that keep the index open
(`dedup.serve.checkers`); this room only receives, remembers and shows.
"""
