"""Pictures: no text without OCR, which says what is missing."""

from __future__ import annotations

from dedup.document import Remark
from dedup.readers.reading import Composer, Context, Reading


def read(data: bytes, context: Context) -> Reading:
    """A reading without text, or with what OCR made out where that is asked for."""
    composer = Composer(context)
    if context.ocr:
        from dedup.readers.ocr import read_picture

        return read_picture(data, context)
    return composer.reading("image", [Remark("no-text", 1)])
