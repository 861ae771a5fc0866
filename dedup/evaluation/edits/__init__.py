"""Edits of a passage, of graded strength, that imitate a copier, from plain copying to a deep rewrite.

Each edit is one function `(text, copier) -> text`, deterministic for a given copier. It returns the text
unchanged where it finds nothing to change; another passage is then taken for planting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dedup.evaluation.edits.clauses import reorder, thin
from dedup.evaluation.edits.copier import Copier
from dedup.evaluation.edits.rewriting import condense, localise, polish, rewrite_heavily, rewrite_lightly
from dedup.evaluation.edits.slots import change_figures, mask
from dedup.evaluation.edits.surface import evade, leave, reformat, to_traditional
from dedup.evaluation.edits.words import edit_characters, replace_synonyms

Edit = Callable[[str, Copier], str]

EDITS: Mapping[str, Edit] = {
    "verbatim": leave,
    "reformat": reformat,
    "traditional": to_traditional,
    "evasion": evade,
    "mask": mask,
    "figures": change_figures,
    "synonym": replace_synonyms,
    "edit": edit_characters,
    "reorder": reorder,
    "thin": thin,
    "rewrite-light": rewrite_lightly,
    "rewrite-localise": localise,
    "rewrite-condense": condense,
    "rewrite-ai": polish,
    "rewrite-heavy": rewrite_heavily,
}
"""The kinds of a set, mildest first."""

__all__ = ["EDITS", "Copier", "Edit"]
