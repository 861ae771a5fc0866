"""The page and the REST interface of an office: who asks, what is queued, what is shown to whom.

What is found in a draft is found by `dedup.check` in helper processes that keep the index open
(`dedup.serve.checkers`); this room only receives, remembers and shows. A newcomer reads it in this order:

1. `service`, `tables`, `database`: the settings of a service, what it keeps, and its transactions.
2. `access`: who asks, and the rule of each route; behind it `accounts`, `keys` and `staff`. `problems` and
   `words`: how a request is refused, in both languages.
3. A draft on its way: it comes in `uploads`, waits in `drafts`, is checked by `checkers`, stored by `kept`,
   shown as its reader may see it by `disclosure` and `exports`. `review` and `decisions` pass it between
   writer and reviewer; `batches` and `versions` put it beside others.
4. The collection: its files in `collection`, whose they are in `provenance`; `scans` and the previews of
   `limits` are `jobs`, `nightly` wants one by the clock, `choices` remembers what an administrator chose.
5. `pages` and `rest`: the routes, for people and for programs; both call the functions above and hold no
   rules of their own. `description` tells programs of the interface.
6. `app` puts it together, `running` starts it and copies its database; `upkeep`, `clock`, `bell`, `log`,
   `logs` and `state` serve while it runs.
"""
