"""The overview above the reports of many drafts: a page, a table, and JSON for programs."""
