"""Convert Arrow columns of Spark to NumPy arrays for the functions of a scan, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.sketch.arrays import Ints
from dedup.text.normalize import normalize


def integers(batch: pa.RecordBatch, name: str) -> NDArray[Any]:
    """A column of numbers that has no nulls."""
    values: NDArray[Any] = batch.column(name).to_numpy(zero_copy_only=False)
    return values


def hashes(batch: pa.RecordBatch, name: str) -> NDArray[np.uint64]:
    """A column of 64-bit hashes, which Spark stores as signed numbers."""
    return integers(batch, name).astype(np.int64).view(np.uint64)


def strings(batch: pa.RecordBatch, name: str) -> list[str]:
    """A column of strings."""
    values: list[str] = batch.column(name).to_pylist()
    return values


def binaries(column: pa.Array) -> tuple[NDArray[np.uint8], Ints]:
    """The bytes of a binary column's m values laid end to end, and their borders [m + 1]."""
    if not len(column):
        return np.empty(0, np.uint8), np.zeros(1, np.int64)
    width = np.int64 if pa.types.is_large_binary(column.type) else np.int32
    _, borders, data = column.buffers()
    places = np.frombuffer(borders, width)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    held = np.empty(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)
    return held[places[0] : places[-1]], places - places[0]


def normalised(column: pa.Array) -> tuple[NDArray[np.uint32], Ints]:
    """The normalised codes of m paragraphs in UTF-8, laid end to end, and their borders [m + 1]."""
    data, borders = binaries(column)
    whole = normalize(data.tobytes().decode("utf-8", "surrogatepass"))
    characters = np.concatenate(([0], np.cumsum((data & 0xC0) != 0x80)))
    return whole.codes, np.searchsorted(whole.offsets, characters[borders])


def batch_of(columns: Mapping[str, Any]) -> pa.RecordBatch:
    """A batch of named columns: NumPy arrays (unsigned 64 bits become signed), lists or Arrow arrays."""
    arrays = {
        name: pa.array(values.view(np.int64))
        if isinstance(values, np.ndarray) and values.dtype == np.uint64
        else values
        if isinstance(values, pa.Array)
        else pa.array(values)
        for name, values in columns.items()
    }
    return pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))
