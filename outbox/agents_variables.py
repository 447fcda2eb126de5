"""What letters to agents and admins may say: their variables, with a sample of each."""

from __future__ import annotations

from collections.abc import Mapping

from outbox import agents_samples as samples
from outbox.batch_variables import AGENT_BATCH
from outbox.figures_variables import AGENT_FIGURES
from outbox.signal_variables import AGENT_SIGNAL
from outbox.variable import AGENT_NAME, DEADLINE, FIRM, NOON, NUMBER, SUBJECT, WORDS, Variable

_SEVERITY = Variable("low, normal, high or urgent", "high", one_of=samples.SEVERITIES)
_SEVERITY_OF_A_CASE = Variable("low, normal, high or urgent", "high", "", one_of=samples.SEVERITIES)
_DRAFTED = {
    "draft": Variable("the draft exactly as it would leave", "Dear Ann,\n\nyour parcel comes tomorrow.", ""),
    "draft_to": Variable("the address that it would go to", "ann@example.com", ""),
    "draft_to_name": Variable("and whose that is", "Ann Example", ""),
    "draft_subject": Variable("its subject", "Re: Parcel is late (case 1042)", ""),
    "advice": Variable("what to look at in its tone, one text each", ("Nothing thanks the customer.",), ()),
    "edit_is_empty": Variable(
        "whether the draft is too long for a link, so that the reply that “edit” opens has no text",
        True,
        False,
    ),
}
_WANTED = Variable("what is wanted: decide, write or nothing", "decide", "", one_of=("decide", "write"))
_LEFT_OF_IT = Variable(
    "working time until the deadline, as .amount and .unit (days, hours or minutes), and .overdue",
    samples.LEFT,
    None,
    others=samples.LEFTS,
)
_BUTTONS = Variable("commands as (label, mailto link, what it does)", (samples.BUTTON,), ())
_YES_AND_NO = Variable(
    "commands in words, as (name, usage, summary)",
    (("yes", "yes", "so be it"), ("no", "no", "it is not done")),
    (),
)
_COMMANDS = Variable("commands in words, as (name, usage, summary)", (samples.COMMAND,), ())

_FILES_TOLD = {
    "left_out": Variable("what is not attached because it is too large", samples.FILM, ()),
    "original_attached": Variable("whether the customer's mail is attached", True, False),
    "kept_out": Variable(
        "files that are kept from agents, each with .file and .why",
        ({"file": "setup.exe (1,200 bytes)", "why": "it is a program"},),
        (),
    ),
    "being_checked": Variable("files that come later, when they were scanned", samples.FILES, ()),
    "unchecked": Variable("whether the virus scanner could not be asked", True, False),
    "odd_files": Variable(
        "what is odd about files that are attached, a sentence each",
        ("photo.jpg is called a picture, and is a PDF",),
        (),
    ),
    "words_attached": Variable("whether what the mail says is attached as a text", True, False),
}
_AGENT_DRAFT = {
    "headline": Variable("why this mail: new, again, edited, redrafted, assigned, check-in-low …", "new"),
    "wanted": _WANTED,
    "why_now": Variable("what is late or soon will be, one text each", ("An answer is due by noon.",), ()),
    "whose": Variable("the name of the agent who has the case, where that is another", "Noa", ""),
    "number": NUMBER,
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "customer": Variable("the customer's address", "ann@example.com", others=("",)),
    "customer_name": Variable("the customer's name", "Ann Example", ""),
    "subject": SUBJECT,
    "words": WORDS,
    "attachments": Variable("what came with the mail, one text each", samples.FILES, ()),
    **_FILES_TOLD,
    "kind": Variable("complaint, praise, question or other", "complaint", one_of=samples.KINDS),
    "category": Variable("the category's name", "late"),
    "severity": _SEVERITY,
    "language": Variable("the customer's language, as a code", "en", ""),
    "stands_in": Variable(
        "what was written in another language than the customer's, and in which, in a sentence",
        "There is no letter in Kurdish for this case; the draft is in Persian.",
        "",
    ),
    "confidence": Variable("how sure the classification is, 0 to 1", 0.82, None),
    "corrected_by": Variable("the name of who corrected the category", "Sam", ""),
    "unsure": Variable("whether it is too unsure to rely on", True, False),
    "hits": Variable(
        "why: rules that matched, each with .rule, .words, .says and .in_subject; where .corrections is not "
        "none, earlier corrections speak for it, and so many",
        (samples.HIT, samples.ONE_WORD, samples.LEARNED, samples.OF_RULES),
        (),
    ),
    "facts": Variable(
        "what the mails say of the case, each with .name, .kind and .found (its values)",
        (samples.FACT, {"name": "amount", "kind": "amount", "found": ("120.00 EUR",)}),
        (),
    ),
    "deadline": DEADLINE,
    "left": _LEFT_OF_IT,
    "next_word": Variable(
        "when the customer gets a holding update if nobody writes before; nothing where they get none",
        NOON,
        None,
    ),
    "channel": Variable("how it came: mail, phone …", "phone", "mail"),
    "score": Variable("the score of the check-in, 1 to 5", 2, None, one_of=(1, 2, 3, 4, 5)),
    "complaints": Variable("complaints of this customer within a year, this one included", 3, 0),
    "open_cases": Variable(
        "the customer's other open cases, each with .number, .subject, .status, .kind, .category, .opened, "
        ".score and .same (perhaps about the same matter)",
        (samples.OPEN_CASE, samples.OPEN_CASE | {"number": 1002, "same": False, "subject": ""}),
        (),
    ),
    "earlier": Variable(
        "the customer's ended cases, likewise",
        samples.EARLIER,
        (),
    ),
    "promises": Variable(
        "what the customer was promised and waits for, each with .what, .due and .overdue",
        samples.PROMISES,
        (),
    ),
    "issues": Variable(
        "known issues that concern the case, each with .number, .title, .carried (whether the draft has its "
        "note), .language (of that note; nothing where there is none) and .stands_in (for the customer's)",
        samples.ISSUES,
        (),
    ),
    "commitments": Variable(
        "what the customer was told that the firm will change, each with .number and .what",
        ({"number": 7, "what": "we pack glass twice"},),
        (),
    ),
    "given": Variable("compensation within a year, as (amount, currency)", samples.GIVEN, ()),
    "waiting": Variable("what waits for a yes, each with .by, .wish and .kind", (samples.WAITING,), ()),
    "trail": Variable("what was noted so far, each with .at, .who and .words", (samples.NOTED,), ()),
    "mentions": Variable("numbers of other cases that the mail names", (77, 78), ()),
    **_DRAFTED,
    "buttons": _BUTTONS,
    "choices": Variable("categories to choose, as (name, mailto link)", samples.CHOICES, ()),
    "commands": _COMMANDS,
    "damage": Variable("what of the mail could not be read, one text each", ("unknown charset",), ()),
    "unparsed": Variable("whether the mail could not be read at all", True, False),
    "not_acknowledged": Variable(
        "why the customer got no acknowledgement, one text each", ("it is an automatic mail",), ()
    ),
}
_TRANSCRIPT = {
    "number": Variable("the case number", 1042, None),
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "customer": Variable("the customer's name or address", "Ann Example", ""),
    "severity": _SEVERITY_OF_A_CASE,
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
        (samples.LIST, samples.LIST | {"rows": ()}),
        (),
    ),
    "draft_is_open": Variable("whether the draft waits for a decision", True, False),
    **_DRAFTED,
    "buttons": _BUTTONS,
    "commands": _COMMANDS,
}
_AGENT_REQUEST = {
    "kind": Variable(
        "authority, four-eyes or challenge: why a yes is wanted",
        "authority",
        one_of=("authority", "four-eyes", "challenge"),
    ),
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
    "attachments": Variable("what came with the mail, one text each", samples.FILES, ()),
    **_FILES_TOLD,
    "category": Variable("the category's name", "late", ""),
    "severity": _SEVERITY_OF_A_CASE,
    "given": Variable("compensation within a year, as (amount, currency)", samples.GIVEN, ()),
    "promises": Variable(
        "what the customer was promised and waits for, each with .what, .due and .overdue",
        samples.PROMISES,
        (),
    ),
    **_DRAFTED,
    "buttons": _BUTTONS,
    "commands": _YES_AND_NO,
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
_AGENT_FILES = {
    "number": NUMBER,
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "customer": Variable("the customer's address", "ann@example.com", others=("",)),
    "customer_name": Variable("the customer's name", "Ann Example", ""),
    "severity": _SEVERITY,
    "subject": SUBJECT,
    **_FILES_TOLD,
}
_AGENT_UNDELIVERED = {
    "number": NUMBER,
    "customer": Variable("the customer's name or address", "Ann Example", ""),
    "severity": Variable("low, normal, high or urgent", "high", "normal", one_of=samples.SEVERITIES),
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
    "severity": Variable("low, normal, high or urgent", "urgent", one_of=samples.SEVERITIES),
    "category": Variable("the category's name", "late"),
    "subject": SUBJECT,
    "words": WORDS,
    "new": Variable("whether the mail began the case; else it is a further one", True, False),
    "assignee": Variable("the address of the agent who has the case", "sam@example.com", ""),
    "hits": Variable("why: rules that matched, each with .rule and .words", (samples.HIT,)),
}
_AGENT_DIGEST = {
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "when": Variable("the moment as of which it is", NOON),
    "cases": Variable(
        "what waits for the agent, each with .number, .customer, .subject, .severity, .words (the "
        "beginning), .deadline, .left, .new (since the last digest), .draft (whether there is one) and .link",
        (
            samples.WAITS,
            samples.WAITS | {"number": 1043, "left": None, "deadline": None, "draft": False, "new": False},
        ),
        others=tuple((samples.WAITS | {"left": left},) for left in samples.LEFTS),
    ),
    "more": Variable("how many more there are", 3, 0),
    "commitments": Variable(
        "what the agent said to customers that the firm will change, and is still open, each with .number, "
        ".what and .case",
        ({"number": 7, "what": "we pack glass twice", "case": 1042},),
        (),
    ),
    "buttons": _BUTTONS,
    "commands": _COMMANDS,
}
_ADMIN_ALERT = {
    "firm": FIRM,
    "headline": Variable("what is wrong, in one line", "The rules were not changed"),
    "lines": Variable("more about it, one text each", ("The last good rules stay in force.",), ()),
    "problems": Variable(
        "mistakes in files, each with .file, .line, .column and .message",
        (samples.PROBLEM, samples.PROBLEM | {"line": 0}),
        (),
    ),
    "when": Variable("when it was noticed", NOON, None),
}

OF_AGENTS: Mapping[str, Mapping[str, Variable]] = {
    "agent_draft": _AGENT_DRAFT,
    "transcript": _TRANSCRIPT,
    "agent_request": _AGENT_REQUEST,
    "agent_settled": _AGENT_SETTLED,
    "agent_batch": AGENT_BATCH,
    "agent_digest": _AGENT_DIGEST,
    "agent_signal": AGENT_SIGNAL,
    "agent_figures": AGENT_FIGURES,
    "agent_alert": _AGENT_ALERT,
    "agent_refused": _AGENT_REFUSED,
    "agent_files": _AGENT_FILES,
    "agent_undelivered": _AGENT_UNDELIVERED,
    "admin_alert": _ADMIN_ALERT,
}
"""Every letter to agents and admins, and its variables."""
