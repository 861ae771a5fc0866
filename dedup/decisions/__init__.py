"""Decisions of people about passages, and the passages of earlier reports: their texts are known again.

A text is recognised by its fingerprint together with its source, so a decision outlives moved lines, wrapped
paragraphs and the next draft. Each holds for one occurrence in a draft.
"""

from __future__ import annotations
