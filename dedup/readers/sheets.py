"""Read workbooks (`.xlsx`, `.xls`) by python-calamine; every cell that is not empty is a paragraph."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta

from dedup.readers.package import Package
from dedup.readers.reading import Composer, Context, Reading, damaged, encrypted, over_limit

_MOST_CELLS = 5_000_000


def read(data: bytes, context: Context) -> Reading:
    """Read all sheets of a workbook, row by row. Raises UnsupportedInput."""
    import python_calamine as calamine

    format_name = "xls"
    if data.startswith(b"PK"):
        format_name = "xlsx"
        package = Package(data, context)
        for entry in package.entries:  # check the limits before calamine unpacks them
            context.budget.unpack(entry.file_size, context.name)
    composer = Composer(context)
    cells = 0
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for one in book.sheets_metadata:
            name, is_seen = one.name, one.visible == calamine.SheetVisibleEnum.Visible
            sheet = book.get_sheet_by_name(name)
            if is_seen:
                composer.place("sheet", name)
            cells += sheet.height * sheet.width
            if cells > _MOST_CELLS:
                raise over_limit(context.name, "cells", _MOST_CELLS)
            for row in sheet.iter_rows() if sheet.height else ():  # older calamine panics at an empty sheet
                for value in row:
                    if not (text := _written(value)):
                        continue
                    if is_seen:
                        composer.paragraph(text)
                    else:
                        composer.hide(text, "vanish")
    except calamine.PasswordError:
        raise encrypted(context.name) from None
    except (calamine.CalamineError, OSError, ValueError):
        raise damaged(context.name) from None
    return composer.reading(format_name, [])


def _written(value: object) -> str:
    """A cell's value as text; whole numbers without `.0`."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime | date | time | timedelta):
        return str(value).removesuffix(" 00:00:00")
    if isinstance(value, bool):
        return str(value).upper()
    text = "" if value is None else str(value).strip()
    text = text.replace("_x000D_", "\r")  # how files write it; older calamine leaves it so
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
