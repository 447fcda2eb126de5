"""How mail systems word their reports, as data: all in lower case, one space between words.

A new system is a new line here: what its reports say (SURE), how it announces the mail that it returns
(RETURNED), what stands before an address that was not reached (BEFORE), and its subjects (SUBJECTS).
"""

from __future__ import annotations

from inbox.kind.bounces.forms.labels import BEFORE, HEADINGS, HELP, NOT_OF_RECIPIENTS, ORIGINS, SPARED
from inbox.kind.bounces.forms.likely import DONE_SUBJECT, FINAL, LATE, LATE_SUBJECT, REFUSED, WEAK
from inbox.kind.bounces.forms.quoting import RETURNED, RETURNED_ALONE
from inbox.kind.bounces.forms.subjects import SUBJECTS
from inbox.kind.bounces.forms.sure import SURE

__all__ = [
    "BEFORE",
    "DONE_SUBJECT",
    "FINAL",
    "HEADINGS",
    "HELP",
    "LATE",
    "LATE_SUBJECT",
    "NOT_OF_RECIPIENTS",
    "ORIGINS",
    "REFUSED",
    "RETURNED",
    "RETURNED_ALONE",
    "SPARED",
    "SUBJECTS",
    "SURE",
    "WEAK",
]
