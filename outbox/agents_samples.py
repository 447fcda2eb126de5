"""What letters to agents and admins are tried with."""

from __future__ import annotations

from typing import Any

from outbox.variable import NOON

BUTTON = ("approve", "mailto:complaints%2Btoken@example.com?body=approve", "sends the draft")
CHOICES = (("late", BUTTON[1]), ("damaged", BUTTON[1]))
FILES = ("photo.jpg (120,412 bytes)", "bill.pdf (88,020 bytes)")
FILM = ("film.mp4 (94,371,840 bytes)",)
GIVEN = (("40.00", "EUR"), ("5.00", "GBP"))
COMMAND = ("approve", "approve", "sends the draft as it is")
CASE = {
    "number": 987,
    "subject": "Late again",
    "status": "closed",
    "kind": "complaint",
    "category": "late",
    "opened": NOON,
    "score": 2,
    "same": False,
}
EARLIER = (CASE, CASE | {"number": 986, "score": None, "subject": ""})
OPEN_CASE = CASE | {"number": 1001, "status": "open", "score": None, "same": True}
PROMISE = {"what": "a new parcel", "due": NOON, "overdue": False}
PROMISES = (PROMISE, PROMISE | {"what": "we call", "overdue": True})
SAMPLED: dict[str, Any] = {
    "language": "en",
    "count": 80,
    "numbers": (1042, 1043, 1050),
    "number": 1042,
    "fix_in": "en",
    "says_nothing": False,
    "written_in": "en",
    "draft": "Dear Ann,\n\nthe problem you told us about is fixed.",
    "draft_subject": "Re: My kettle leaks (case 1042)",
    "draft_to": "ann@example.com",
    "draft_to_name": "Ann Example",
}
OTHER_SAMPLED: dict[str, Any] = {**SAMPLED, "language": "ckb", "written_in": "fa", "fix_in": "en", "count": 1}
SILENT_SAMPLED: dict[str, Any] = {**SAMPLED, "language": "he", "written_in": "he", "says_nothing": True}
LEFT_OUT = (
    {"number": 1044, "why": "the customer has no mail address"},
    {"number": 1045, "why": "it is spam"},
)
ISSUES = (
    {"number": 3, "title": "Kettles leak", "carried": True, "language": "en", "stands_in": False},
    {"number": 4, "title": "Late parcels", "carried": False, "language": "en", "stands_in": True},
    {"number": 5, "title": "Lids crack", "carried": False, "language": "", "stands_in": True},
)
SEVERITIES = ("low", "normal", "high", "urgent")
KINDS = ("complaint", "praise", "question", "other")
LEFT = {"overdue": False, "unit": "hours", "amount": 5}
LEFTS = tuple(
    {"overdue": overdue, "unit": unit, "amount": amount}
    for overdue, unit, amount in (
        (True, "days", 1),
        (True, "days", 2),
        (True, "hours", 3),
        (False, "days", 11),
        (False, "minutes", 1),
    )
)
WAITING = {"by": "Sam", "wish": "refund, 90.00 euros", "kind": "authority"}
NOTED = {"at": NOON, "who": "Sam", "words": "called the carrier"}
WAITS = {
    "number": 1042,
    "customer": "Ann Example",
    "subject": "Parcel is late",
    "severity": "high",
    "words": "Where is my parcel?",
    "deadline": NOON,
    "left": LEFT,
    "new": True,
    "draft": True,
    "link": "mailto:complaints%2Btoken@example.com?body=show%201042",
}
LIST: dict[str, Any] = {
    "title": "The queue",
    "columns": ("number", "subject"),
    "rows": (("1042", "Late again"),),
}
LIST |= {"parts": ((False, "Mail 1, from Ann"), (True, "My parcel is late."))}
HIT: dict[str, Any] = {"rule": "late parcel", "words": ("two weeks", "not arrived"), "says": "category late"}
HIT |= {"weight": 2.0, "in_subject": True, "corrections": None}
ONE_WORD: dict[str, Any] = {**HIT, "words": ("late",), "in_subject": False}
LEARNED: dict[str, Any] = {**HIT, "rule": "learned", "in_subject": False, "corrections": 120}
OF_RULES: dict[str, Any] = {**LEARNED, "words": (), "corrections": 0}
FACT = {"name": "order_number", "kind": "number", "found": ("AB-4711", "AB-4712")}
PROBLEM = {
    "file": "rules/en.yaml",
    "line": 3,
    "column": 7,
    "message": "“categry” is unknown; write “category”",
}
