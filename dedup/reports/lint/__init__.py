"""The report of a lint in each format; `dedup.reports.LINT_FORMATS` names them."""
