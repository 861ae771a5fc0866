"""Read pictures, by OCR if it is asked for; otherwise they have no text."""

from __future__ import annotations

from dedup.document import Remark
from dedup.readers.reading import Composer, Context, Reading


def read(data: bytes, context: Context) -> Reading:
    """Read a picture: without text, or with the text that OCR recognises if that is asked for."""
    composer = Composer(context)
    if context.ocr:
        from dedup.readers.ocr import read_picture

        return read_picture(data, context)
    return composer.reading("image", [Remark("no-text", 1)])
