"""What letters to agents and admins may say: their variables, with a sample of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outbox.variable import AGENT_NAME, DEADLINE, FIRM, NOON, NUMBER, SUBJECT, WORDS, Variable

_BUTTON = ("approve", "mailto:complaints%2Btoken@example.com?body=approve", "sends the draft")
_COMMAND = ("approve", "approve", "sends the draft as it is")
_CASE = {
    "number": 987,
    "subject": "Late again",
    "status": "closed",
    "kind": "complaint",
    "category": "late",
    "opened": NOON,
    "score": 2,
    "same": False,
}
_OPEN_CASE = _CASE | {"number": 1001, "status": "open", "score": None, "same": True}
_PROMISE = {"what": "a new parcel", "due": NOON, "overdue": False}
_LEFT = {"overdue": False, "unit": "hours", "amount": 5}
_WAITING = {"by": "Sam", "wish": "refund, 90.00 euros", "kind": "authority"}
_NOTED = {"at": NOON, "who": "Sam", "words": "called the carrier"}
_WAITS = {
    "number": 1042,
    "customer": "Ann Example",
    "subject": "Parcel is late",
    "severity": "high",
    "words": "Where is my parcel?",
    "deadline": NOON,
    "left": _LEFT,
    "new": True,
    "draft": True,
    "link": "mailto:complaints%2Btoken@example.com?body=show%201042",
}
_LIST: dict[str, Any] = {"title": "The queue", "columns": ("number",), "rows": (("1042", "Late again"),)}
_LIST |= {"parts": ((False, "Mail 1, from Ann"), (True, "My parcel is late."))}
_HIT: dict[str, Any] = {"rule": "late parcel", "words": ("two weeks", "not arrived"), "says": "category late"}
_HIT |= {"weight": 2.0, "in_subject": True, "corrections": None}
_LEARNED: dict[str, Any] = {**_HIT, "rule": "learned", "in_subject": False, "corrections": 120}
_FACT = {"name": "order_number", "kind": "number", "found": ("AB-4711", "AB-4712")}
_PROBLEM = {
    "file": "rules/en.yaml",
    "line": 3,
    "column": 7,
    "message": "“categry” is unknown; write “category”",
}

_DRAFTED = {
    "draft": Variable("the draft exactly as it would leave", "Dear Ann,\n\nyour parcel comes tomorrow.", ""),
    "draft_to": Variable("the address that it would go to", "ann@example.com", ""),
    "draft_to_name": Variable("and whose that is", "Ann Example", ""),
    "draft_subject": Variable("its subject", "Re: Parcel is late (case 1042)", ""),
    "edit_is_empty": Variable(
        "whether the draft is too long for a link, so that the reply that “edit” opens has no text",
        True,
        False,
    ),
}
_WANTED = Variable("what is wanted: decide, write or nothing", "decide", "")
_LEFT_OF_IT = Variable(
    "working time until the deadline, as .amount and .unit (days, hours or minutes), and .overdue",
    _LEFT,
    None,
)
_BUTTONS = Variable("commands as (label, mailto link, what it does)", (_BUTTON,), ())
_COMMANDS = Variable("commands in words, as (name, usage, summary)", (_COMMAND,), ())

_AGENT_DRAFT = {
    "headline": Variable("why this mail: new, again, edited, redrafted, assigned, check-in-low …", "new"),
    "wanted": _WANTED,
    "number": NUMBER,
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "customer": Variable("the customer's address", "ann@example.com"),
    "customer_name": Variable("the customer's name", "Ann Example", ""),
    "subject": SUBJECT,
    "words": WORDS,
    "attachments": Variable("what came with the mail, one text each", ("photo.jpg (120 kB)",), ()),
    "left_out": Variable("what is not attached because it is too large", ("film.mp4 (90 MB)",), ()),
    "kind": Variable("complaint, praise, question or other", "complaint"),
    "category": Variable("the category's name", "late"),
    "severity": Variable("low, normal, high or urgent", "high"),
    "language": Variable("the customer's language, as a code", "en", ""),
    "confidence": Variable("how sure the classification is, 0 to 1", 0.82, None),
    "corrected_by": Variable("the name of who corrected the category", "Sam", ""),
    "unsure": Variable("whether it is too unsure to rely on", True, False),
    "hits": Variable(
        "why: rules that matched, each with .rule, .words, .says and .in_subject; where .corrections is not "
        "none, earlier corrections speak for it, and so many",
        (_HIT, _LEARNED),
        (),
    ),
    "facts": Variable(
        "what the mails say of the case, each with .name, .kind and .found (its values)",
        (_FACT, {"name": "amount", "kind": "amount", "found": ("120.00 EUR",)}),
        (),
    ),
    "deadline": DEADLINE,
    "left": _LEFT_OF_IT,
    "channel": Variable("how it came: mail, phone …", "phone", "mail"),
    "score": Variable("the score of the check-in, 1 to 5", 2, None),
    "complaints": Variable("complaints of this customer within a year, this one included", 3, 0),
    "open_cases": Variable(
        "the customer's other open cases, each with .number, .subject, .status, .kind, .category, .opened, "
        ".score and .same (perhaps about the same matter)",
        (_OPEN_CASE,),
        (),
    ),
    "earlier": Variable("the customer's ended cases, likewise", (_CASE,), ()),
    "promises": Variable(
        "what the customer was promised and waits for, each with .what, .due and .overdue", (_PROMISE,), ()
    ),
    "given": Variable("compensation within a year, as (amount, currency)", (("40.00", "EUR"),), ()),
    "waiting": Variable("what waits for a yes, each with .by, .wish and .kind", (_WAITING,), ()),
    "trail": Variable("what was noted so far, each with .at, .who and .words", (_NOTED,), ()),
    "advice": Variable("what to look at in the draft's tone, one text each", ("begin with thanks",), ()),
    "mentions": Variable("numbers of other cases that the mail names", (77,), ()),
    **_DRAFTED,
    "buttons": _BUTTONS,
    "choices": Variable("categories to choose, as (name, mailto link)", (("late", _BUTTON[1]),), ()),
    "commands": _COMMANDS,
    "damage": Variable("what of the mail could not be read, one text each", ("unknown charset",), ()),
    "unparsed": Variable("whether the mail could not be read at all", True, False),
    "original_attached": Variable("whether the customer's mail is attached", True, False),
    "not_acknowledged": Variable("why the customer got no acknowledgement", "it is an automatic mail", ""),
}
_TRANSCRIPT = {
    "number": Variable("the case number", 1042, None),
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "customer": Variable("the customer's name or address", "Ann Example", ""),
    "severity": Variable("low, normal, high or urgent", "high", ""),
    "wanted": _WANTED,
    "refused": Variable("whether nothing was done", True, False),
    "headline": Variable(
        "what became of a request, in a sentence; it stands for “Done”",
        "Noa said no: refund, 90.00 euros",
        "",
    ),
    "lines": Variable(
        "what was done, or why it was not, one text each", ("approve: the answer leaves now",), ()
    ),
    "outgoing": Variable("what goes out, and when, one text each", ("to ann@example.com, now",), ()),
    "next": Variable("what to do next, one text each", ("resolve, when it is solved",), ()),
    "lists": Variable(
        "what was found, as title, columns, rows and parts; a part says whether it is somebody's text",
        (_LIST,),
        (),
    ),
    "draft_is_open": Variable("whether the draft waits for a decision", True, False),
    **_DRAFTED,
    "buttons": _BUTTONS,
    "commands": _COMMANDS,
}
_AGENT_REQUEST = {
    "kind": Variable("authority, four-eyes or challenge: why a yes is wanted", "authority"),
    "giver": Variable("who wants it", "Sam"),
    "giver_address": Variable("their address", "sam@example.com"),
    "wants": Variable("what waits, a sentence each", ("refund, 90.00 euros, because: late",)),
    "why": Variable("why it has to wait, in a sentence", "It is more than Sam may give alone.", ""),
    "again": Variable(
        "why the answer before did not count, where it is asked again", "“yess” is no command.", ""
    ),
    "until": Variable("until when a yes counts", NOON),
    "number": Variable("the case number", 1042, None),
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "customer": Variable("the customer's address", "ann@example.com", ""),
    "customer_name": Variable("the customer's name", "Ann Example", ""),
    "subject": SUBJECT,
    "words": WORDS,
    "attachments": Variable("what came with the mail, one text each", ("photo.jpg (120 kB)",), ()),
    "left_out": Variable("what is not attached because it is too large", ("film.mp4 (90 MB)",), ()),
    "original_attached": Variable("whether the customer's mail is attached", True, False),
    "category": Variable("the category's name", "late", ""),
    "severity": Variable("low, normal, high or urgent", "high", ""),
    "given": Variable("compensation within a year, as (amount, currency)", (("40.00", "EUR"),), ()),
    "promises": Variable(
        "what the customer was promised and waits for, each with .what, .due and .overdue", (_PROMISE,), ()
    ),
    **_DRAFTED,
    "buttons": _BUTTONS,
    "commands": _COMMANDS,
}
_AGENT_SETTLED = {
    "number": Variable("the case number", 1042, None),
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "customer": Variable("the customer's name or address", "Ann Example", ""),
    "headline": Variable("what became of the request, in a sentence", "Noa said no: refund, 90.00 euros"),
    "giver": Variable("who wanted it", "Sam"),
}
_AGENT_REFUSED = {
    "number": Variable("the case number", 1042, None),
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "reason": Variable("why the command was refused", "the token is used up"),
    "sender": Variable("the address that the mail claims to come from", "stranger@example.org", ""),
    "words": Variable("the command as it was written", "approve", ""),
    "when": Variable("when it came", NOON, None),
}
_AGENT_UNDELIVERED = {
    "number": NUMBER,
    "customer": Variable("the customer's name or address", "Ann Example", ""),
    "severity": Variable("low, normal, high or urgent", "high", "normal"),
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "recipient": Variable("who did not get the letter", "ann@example.com"),
    "letter": Variable("the subject of the letter", "Re: Parcel is late", ""),
    "reason": Variable("what the mail server said", "550 no such user", ""),
    "bounced": Variable("whether it came back later; else it was refused at once", True, False),
    "when": Variable("when we learned of it", NOON, None),
}
_AGENT_ALERT = {
    "number": NUMBER,
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "customer": Variable("the customer's address", "ann@example.com", ""),
    "customer_name": Variable("the customer's name", "Ann Example", ""),
    "severity": Variable("low, normal, high or urgent", "urgent"),
    "category": Variable("the category's name", "late"),
    "subject": SUBJECT,
    "words": WORDS,
    "new": Variable("whether the mail began the case; else it is a further one", True, False),
    "assignee": Variable("the address of the agent who has the case", "sam@example.com", ""),
    "hits": Variable("why: rules that matched, each with .rule and .words", (_HIT,)),
}
_AGENT_DIGEST = {
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "when": Variable("the moment as of which it is", NOON),
    "cases": Variable(
        "what waits for the agent, each with .number, .customer, .subject, .severity, .words (the "
        "beginning), .deadline, .left, .new (since the last digest), .draft (whether there is one) and .link",
        (_WAITS, _WAITS | {"number": 1043, "left": None, "deadline": None, "draft": False, "new": False}),
    ),
    "more": Variable("how many more there are", 3, 0),
    "buttons": _BUTTONS,
    "commands": _COMMANDS,
}
_ADMIN_ALERT = {
    "firm": FIRM,
    "headline": Variable("what is wrong, in one line", "The rules were not changed"),
    "lines": Variable("more about it, one text each", ("The last good rules stay in force.",), ()),
    "problems": Variable(
        "mistakes in files, each with .file, .line, .column and .message",
        (_PROBLEM, _PROBLEM | {"line": 0}),
        (),
    ),
    "when": Variable("when it was noticed", NOON, None),
}

OF_AGENTS: Mapping[str, Mapping[str, Variable]] = {
    "agent_draft": _AGENT_DRAFT,
    "transcript": _TRANSCRIPT,
    "agent_request": _AGENT_REQUEST,
    "agent_settled": _AGENT_SETTLED,
    "agent_digest": _AGENT_DIGEST,
    "agent_alert": _AGENT_ALERT,
    "agent_refused": _AGENT_REFUSED,
    "agent_undelivered": _AGENT_UNDELIVERED,
    "admin_alert": _ADMIN_ALERT,
}
"""Every letter to agents and admins, and its variables."""
