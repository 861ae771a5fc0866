"""Rows and cells of a table in a Word document."""

from __future__ import annotations

from collections.abc import Iterator

from dedup.readers.docx_styles import fill_of, is_no_height
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


def is_coloured(part: Element) -> bool:
    """Tell whether the properties of a table, or those that a row has for it, give a colour to all cells."""
    return any(
        local(one.tag) == "shd" and fill_of(one) != ""
        for properties in (part, *(one for one in part if local(one.tag) == "tblPrEx"))
        for one in properties
    )


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
