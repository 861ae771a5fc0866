"""Common parts of formats: columns, tables, places in a text, web pages, differences."""
