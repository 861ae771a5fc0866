"""The report of a check in each format; `dedup.reports.FORMATS` names them."""
