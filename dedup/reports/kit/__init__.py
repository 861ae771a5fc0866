"""Parts that formats are put together from: columns, tables, places in a text, web pages, differences."""
