"""Recognise passages of earlier decisions and reports in a draft.

A text is recognised by its fingerprint together with its source, so a decision outlives moved lines, wrapped
paragraphs and the next draft. Each applies to one occurrence in a draft.
"""

from __future__ import annotations
