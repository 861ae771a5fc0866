"""Recognise text of pictures and scans by RapidOCR with its own models, only where it is asked for.

Pages are rendered by pdfium. Lines found on a page are laid out as those of a PDF are (`layout`).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from dedup.document import Properties, Remark
from dedup.errors import UnsupportedInput
from dedup.messages import Words
from dedup.readers.formats import ocr_is_ready
from dedup.readers.layout import Line, in_order
from dedup.readers.page_paragraphs import compose
from dedup.readers.reading import Composer, Context, Reading
from dedup.readers.running_heads import without_running_heads

_SCALE = 2.0
"""Rendered pixels per point: 144 dots per inch."""
_SECONDS_A_PAGE, _SECONDS_TO_LOAD = 120.0, 120.0


def read_picture(picture: bytes, context: Context) -> Reading:
    """Read a picture. Raises UnsupportedInput when RapidOCR is not installed or the file is no picture."""
    engine = _engine(context)
    context.allow_time(_SECONDS_A_PAGE)
    lines, scores = _recognised(engine, _pixels(picture, context))
    return _reading([in_order(lines)], scores, 1, "image", context, Properties(pages=1))


def read_pdf(
    document: Any, pages: list[list[Line]], without_text: Sequence[int], context: Context
) -> Reading:
    """Read a PDF some of whose pages have no text layer: those are rendered and recognised."""
    engine = _engine(context)
    scores: list[float] = []
    for number in without_text:
        context.allow_time(_SECONDS_A_PAGE)
        picture = document[number].render(scale=_SCALE).to_numpy()
        lines, found = _recognised(engine, picture)
        pages[number] = in_order(lines)
        scores.extend(found)
    return _reading(pages, scores, len(without_text), "pdf", context, Properties(pages=len(pages)))


def _reading(
    pages: list[list[Line]],
    scores: list[float],
    recognised: int,
    format_name: str,
    context: Context,
    properties: Properties,
) -> Reading:
    composer = Composer(context)
    compose(without_running_heads(pages), composer)
    if not composer.text.strip():
        return composer.reading(format_name, [Remark("no-text", recognised)], properties=properties)
    mean = sum(scores) / len(scores) if scores else 0.0
    surely = f"{int(1_000 * mean) / 10:.1f}%"  # rounded down, so that it never says 100 %
    return composer.reading(format_name, [Remark("ocr", recognised, surely)], properties=properties)


def _engine(context: Context) -> Any:
    if not ocr_is_ready():
        raise UnsupportedInput(context.name, Words("reading.no-ocr"))
    _lift_memory_limit()
    context.allow_time(_SECONDS_TO_LOAD)
    return _loaded()


@cache
def _loaded() -> Any:
    import logging

    from rapidocr import RapidOCR

    logging.disable(logging.CRITICAL)
    return RapidOCR()


def _lift_memory_limit() -> None:
    """Lift the memory limit, which is meant for readers of documents: the models take a gigabyte."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _pixels(picture: bytes, context: Context) -> Any:
    import numpy as np
    from PIL import Image, UnidentifiedImageError

    try:
        return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise UnsupportedInput(context.name, Words("reading.damaged"), Words("reading.save_again")) from None


def _recognised(engine: Any, picture: Any) -> tuple[list[Line], list[float]]:
    """The lines of one picture, and the confidence of each."""
    result = engine(picture)
    if result.txts is None:
        return [], []
    height = picture.shape[0] or 1
    lines = []
    for text, box in zip(result.txts, result.boxes, strict=True):
        left, right = float(box[:, 0].min()), float(box[:, 0].max())
        top, bottom = float(box[:, 1].min()), float(box[:, 1].max())
        size = max(1.0, 0.8 * (bottom - top))
        lines.append(Line(str(text), left, right, bottom, size, depth=(top + bottom) / 2 / height))
    return lines, [float(score) for score in result.scores]
