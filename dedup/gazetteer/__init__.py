"""Provinces, cities, counties and townships: their tree, and their mentions in a text."""

from __future__ import annotations

from dedup.gazetteer.gazetteer import Gazetteer, gazetteer
from dedup.gazetteer.places import Level, Mention, Place, Relation

__all__ = ["Gazetteer", "Level", "Mention", "Place", "Relation", "gazetteer"]
