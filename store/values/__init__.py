"""Plain values that the rooms hand to each other: what a mail says, and what a decision asks for.

Nothing here touches a disk, a clock or a network; every class is frozen.
"""

from store.values.messages import (
    Address,
    Attachment,
    File,
    Message,
    canonical,
)
from store.values.recordings import (
    MAIN,
    SOFTWARE,
    Beside,
    CaseChange,
    DeskTable,
    Enclosed,
    NewDraft,
    NewEvent,
    NewLetter,
    NewRow,
    NewTimer,
    NewToken,
    Recording,
    RowChange,
)
from store.values.verdicts import (
    CORRECTIONS,
    LEARNED,
    RULES,
    TAGS,
    Alarm,
    Fact,
    FoundIn,
    Hit,
    Verdict,
    of_case,
)

__all__ = [
    "CORRECTIONS",
    "LEARNED",
    "MAIN",
    "RULES",
    "SOFTWARE",
    "TAGS",
    "Address",
    "Alarm",
    "Attachment",
    "Beside",
    "CaseChange",
    "DeskTable",
    "Enclosed",
    "Fact",
    "File",
    "FoundIn",
    "Hit",
    "Message",
    "NewDraft",
    "NewEvent",
    "NewLetter",
    "NewRow",
    "NewTimer",
    "NewToken",
    "Recording",
    "RowChange",
    "Verdict",
    "canonical",
    "of_case",
]
