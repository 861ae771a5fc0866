"""Sizes at which work is split, shared or given up, in one record that tests can replace."""

from __future__ import annotations

from dedup.records import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Positions are normalised characters; bytes are those of corpus files."""

    # ---------------------------------------------------------------------------- building an index
    segment_positions: int = 1 << 24
    """Positions at which a segment is written; bounds the memory of a build."""
    shared_bytes: int = 6_000_000
    """Bytes of text from which starting another process (0.1 s) is worth it."""
    piece_bytes: int = 40_000_000
    """Most bytes that one process reads for one piece: some 13 million Chinese characters."""
    compiled_bytes: int = 50_000_000
    """Bytes of text to sign in one process from which compiled code, with 0.8 s to load, is worth it."""
    processes: int = 0
    """Processes of a build, each with a segment in memory; 0: one for each processor, up to four."""

    # ---------------------------------------------------------------------------- merging segments
    merged_positions: int = 1 << 30
    """Largest number of positions of a merged segment, whose numbers have 32 bits. Fewer segments are better:
    a check reads a few thousand pages of each."""
    shared_positions: int = 1 << 22
    """Positions from which new segments become several, merged side by side."""
    small_segment: int = 1 << 17
    """Positions up to which segments are always merged, as copying them costs less than keeping them."""
    dead_grams: int = 16_000_000
    """Grams of removed files that are sorted at once, 16 bytes each."""

    # ---------------------------------------------------------------------------- sorting and copying
    sorted_words: int = 44_000_000
    """Postings that are sorted at once, approximately, 8 bytes each; more go to temporary files."""
    hashed_codes: int = 1 << 17
    """Codes hashed at once, within the processor's second-level cache."""
    copied_bytes: int = 1 << 22
    """Bytes of a segment that are read at once while it is copied."""

    # ---------------------------------------------------------------------------- looking up
    asked_at_once: int = 1 << 20
    """Grams of a submission that are looked up together."""
    followed: int = 1 << 20
    """Postings followed together; a book has too many for several arrays of all."""
    kept_characters: int = 1 << 22
    """Characters of long paragraphs of a segment that stay decoded, ten to twelve bytes each."""
    mapped_bytes: int = 110 * 2**20
    """Bytes of mapped files, the interpreter's own included, above which a process releases pages."""

    # ---------------------------------------------------------------------------- scanning
    largest_bucket: int = 64
    """Texts of a bucket up to which all are paired; of a larger one each is paired with the earliest only."""
    paired: int = 100
    """Near-duplicate paragraphs that a paragraph may have and still be paired with each of them."""
    boilerplate_share: float = 0.02
    """Share of a collection's documents beyond which a paragraph's near-duplicates make it boilerplate …"""
    least_boilerplate: int = 20
    """… and how many there are at least."""
    recent_share: float = 0.1
    """Share of all paragraphs that may have come or gone since a scan's tables of texts were made anew."""
    most_tables: int = 16
    """Tables of texts that a scan keeps: one of all documents, and one of those that came with each scan."""
    sifted_pairs: int = 1 << 20
    """Candidates that are collected before their signatures are compared."""
    pairs_at_once: int = 1 << 13
    """Pairs of texts that are verified together."""
    lines_at_once: int = 1 << 15
    """Lines of results, or members of clusters, that are made together."""
    edges_in_one_task: int = 1 << 23
    """Pairs of texts that one executor of Spark's makes clusters of: 0.5 GB there."""
    named_pairs: int = 500
    """New pairs that a summary lists one by one."""
    checkpoint_seconds: float = 5.0
    """Seconds between two checkpoints of a scan; one that takes less writes none."""

    # ---------------------------------------------------------------------------- other processes
    checked_apart: int = 12
    """Drafts of one call from which several processes check them (0.3 s each to start)."""
    listed_apart: int = 4000
    """Documents from which a check lists its corpus in another process, which takes 15 ms there."""
    patience: float = 600.0
    """Seconds to wait for another writer."""
    attempts: int = 20
    """Number of times a writer may overtake a reader before that is taken for damage."""
    # ---------------------------------------------------------------------------- reports in files
    longest_name: int = 235
    """Bytes of a report's file name: file systems allow 255, and it is written under a longer name first."""


LIMITS = Limits()
"""The limits in force unless others are passed in."""
