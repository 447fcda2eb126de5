"""Where letters lie in the folder of templates."""

from __future__ import annotations

SUFFIX = ".md"
LAST_RESORT = "en"
"""The language that every letter must exist in, and that stands in for any other."""
ANSWERS = "answer/"
"""Letters of this folder are the first drafts of an answer: one a category, text only, without a subject."""
