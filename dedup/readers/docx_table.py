"""Rows and cells of a table in a Word document."""

from __future__ import annotations

from collections.abc import Iterator

from dedup.readers.docx_styles import is_no_height
from dedup.readers.xml import Element, local


def unwrapped(parent: Element) -> Iterator[Element]:
    """Rows of a table or cells of a row, those in content controls and custom XML too."""
    for element in parent:
        name = local(element.tag)
        if name == "sdt":
            for content in element:
                if local(content.tag) == "sdtContent":
                    yield from unwrapped(content)
        elif name in ("customXml", "ins", "moveTo"):
            yield from unwrapped(element)
        else:
            yield element


def row_deleted(row: Element) -> bool:
    """Tell whether a revision deletes a row."""
    for properties in row:
        if local(properties.tag) == "trPr":
            return any(local(one.tag) == "del" for one in properties)
    return False


def cell_deleted(cell: Element) -> bool:
    """Tell whether a revision deletes a cell."""
    for properties in cell:
        if local(properties.tag) == "tcPr":
            return any(local(one.tag) == "cellDel" for one in properties)
    return False


def has_no_height(row: Element) -> bool:
    """Tell whether a row is too low for its text to be seen."""
    for properties in row:
        if local(properties.tag) == "trPr":
            return any(
                local(one.tag) == "trHeight" and is_no_height(one, "val", "hRule") for one in properties
            )
    return False
