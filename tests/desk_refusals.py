"""Each way in which a command is refused, in replies one after the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.desk_plan import LATER, Lane, Step, no
from tests.desk_story import ABOVE, DECIDERS, PHONED, WORDS

WRITTEN = "edit\nIt comes on Monday.\nend"


IN_A_MONTH = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
"""So far off that nobody is reminded of it meanwhile."""


def refusals() -> tuple[Lane, ...]:
    """Cases of Sam's, and Kim, who looks at the desk and is away."""
    return (
        Lane("grammar", "sam", "en", _grammar()),
        Lane("writing", "sam", "en", _writing()),
        Lane("values", "sam", "en", _values()),
        Lane("hands", "sam", "en", _hands()),
        Lane("four-eyes", "sam", "en", _four_eyes()),
        Lane("ended", "sam", "en", _ended()),
        Lane("leaving", "sam", "en", _leaving(), customer="merger"),
        Lane("merging", "sam", "en", _merging(), customer="merger", mails=2),
        Lane("over", "sam", "en", (Step("close", "closed-unsent", events="closed-by-agent"),), "merger"),
        Lane("target", "sam", "en", (), customer="merger"),
        Lane("money", "sam", "en", _money()),
        Lane("owing", "sam", "en", _owing()),
        Lane("known", "sam", "en", _known()),
        Lane("nameless", "sam", "en", _nameless(), customer="nobody"),
        Lane("kims-desk", "kim", "en", _kims_desk(), customer="nobody"),
        Lane("phoned", "may", "en", _phoned(), customer="nobody"),
    )


def _grammar() -> tuple[Step, ...]:
    return (
        no("aprove", "not-a-command", "“aprove”", "Did you mean “approve”?"),
        no("", "no-command"),
        no("approve it", "takes-nothing", "“it”"),
        no("undo it\nresolve it", "takes-nothing", "undo"),
        no("note", "needs-text", "note TEXT"),
        no("assign Noa\nassign Ola", "twice", "assign"),
        no("assign Noa\ntake", "conflict", "assign and take"),
        no("resolve\nclose", "conflict", "resolve and close"),
        no("note first\n\nassign Noa", "unclear", "“assign Noa”"),
        no(f"#9999\nnote {WORDS}", "another-case", "9999"),
        no(f"#1\n#2\nnote {WORDS}", "one-case-a-mail", "2"),
        no("approve", "approve-unseen", new=True),
        no("close", "case-in-subject", "#{grammar}", desk=True, subject="[#{grammar}]"),
        no("note keep this\nsplit", "split-only-mail"),
        no("yes", "no-request"),
        no("no", "no-request"),
    )


def _writing() -> tuple[Step, ...]:
    return (
        no("edit\nIt comes.", "edit-without-end"),
        no("edit\n\nend", "edit-empty"),
        no("edit\nIt comes on [the day].\nend\napprove", "placeholder", "[the day]"),
        no("approve\nedit\nIt comes.\nend", "approve-before-edit"),
        no("approve\nreject it", "conflict", "approve and reject"),
        no("approve\nask", "conflict", "approve and ask"),
        no("template lots", "unknown-template", "Did you mean “lost”?", "damaged"),
        no("category damaged\napprove", "approve-unread"),
        no("approve\ntemplate lost", "conflict", "approve and template"),
        no("language fa\nreject it", "reject-of-new", "reject"),
        no(f"{WRITTEN}\nresolve", "unsent-edit", "resolve"),
        no(f"{WRITTEN}\nclose", "unsent-edit", "close"),
        no("undo", "nothing-to-undo"),
        no("preview it", "takes-nothing", "preview"),
        no("edit\nYou wrote:\n> It is late.\nIt comes.\nend", "edit-cut"),
    )


def _values() -> tuple[Step, ...]:
    return (
        no("category damagd", "unknown-value", "Did you mean “damaged”?"),
        no("severity huge", "unknown-value", "low", "urgent"),
        no("fault mine", "unknown-value", "third-party"),
        no("checkins maybe", "unknown-value", "on", "off"),
        no("language Klingon", "unknown-value", "“Klingon”"),
        no("fact ordernumber 1", "unknown-value", "Did you mean", "order number"),
        no("fact order number", "needs-text", "fact NAME VALUE"),
        no("fact order number soon", "fact-unreadable", "“soon”"),
        no("fact order number -", "no-such-fact", "order number"),
        no(f"fact product {'long ' * 50}", "fact-long", "200"),
        no("snooze soon", "when-unknown", "“soon”"),
        no("snooze 2020-01-01", "when-past"),
        no("snooze 2199-01-01", "when-far"),
        no("snooze 01/02/2199", "when-two-ways"),
        no("snooze 2027-02-31", "when-no-such-day"),
        no("promise a lamp", "promise-without-day"),
        no("promise a lamp by soon", "when-unknown", "“soon”"),
        no("kept", "no-open-promise"),
        no("paid", "no-open-offer"),
        no("withdraw", "nothing-owed"),
    )


def _hands() -> tuple[Step, ...]:
    return (
        no("assign Nao", "unknown-agent", "Did you mean “Noa”?"),
        no("assign Kim", "agent-away", "Kim"),
        no("escalate Kim she knows him", "agent-away", "Kim"),
        no("escalate Sam", "escalate-to-yourself"),
        no("escalate owner", "nobody-has-the-role", "owner"),
        no("take now", "takes-nothing", "take"),
        no("release\nescalate Ola", "conflict", "release and escalate"),
        Step("assign May", "assigned", events="assigned drafted", mails=("may",)),
        no("approve", "not-allowed", "approve"),
        no("approve\nresolve", "held-with", "resolve", by="may"),
        Step("approve", "held", ("Ola", "Omar"), by="may", events="requested", mails=DECIDERS),
        no("approve", "waits-already", "May", by="may"),
    )


def _four_eyes() -> tuple[Step, ...]:
    """A wish that one approver decides, and one that nobody decides in time."""
    asks = Step(ABOVE.format_map({"offer": "offer"}), "held", events="requested", mails=DECIDERS)
    return (
        asks,
        no(asks.words, "waits-already", "Sam"),
        no("yes", "own-request"),
        no("yes", "not-your-role", "Ola", "Omar", by="kim", new=True),
        Step("no too much", "denied", by="ola", events="denied", mails=("sam", "omar")),
        no("yes", "request-decided", "Ola said no", by="omar", earlier=1),
        asks,
        LATER,
        LATER,
        no("yes", "request-expired", by="ola", earlier=1),
    )


def _ended() -> tuple[Step, ...]:
    ended = "illegal"
    return (
        Step("reject not like this", "rejected", events="rejected", holds={"draft": "rejected"}),
        no("approve", "no-open-draft", "approve"),
        no("preview", "no-open-draft", "preview"),
        no("reject it again", "no-open-draft", "reject"),
        no("reopen", ended, "reopen"),
        Step("close", "closed", changed={"status": "closed"}, events="closed-by-agent"),
        no("resolve", ended, "resolve", "reply reopen first"),
        no("close", ended, "close"),
        no("assign Noa", ended, "assign"),
        no("release", ended, "release"),
        no("escalate Ola", ended, "escalate"),
        no("snooze tomorrow", ended, "snooze"),
        no("promise a lamp by tomorrow", ended, "promise"),
        no("offer refund 5 EUR late", ended, "offer"),
        no(WRITTEN, ended, "edit"),
        no("template lost", ended, "template"),
        no("ask", ended, "ask"),
    )


def _leaving() -> tuple[Step, ...]:
    return (
        Step("approve", "approved", changed={"status": "answered"}, events="approved"),
        no("merge {target}", "merge-leaving"),
        no("approve\nspam", "conflict", "approve and spam"),
        Step("resolve", "resolved", events="resolved"),
        no("undo", "undo-after-end"),
        Step("reopen", "reopened", changed={"status": "open"}, events="reopened"),
        LATER,
        no("undo", "undo-too-late"),
    )


def _merging() -> tuple[Step, ...]:
    return (
        no("merge", "needs-text", "merge NUMBER"),
        no("merge 9999", "no-such-case", "“9999”"),
        no("merge {merging}", "merge-with-itself"),
        no("merge {grammar}", "merge-of-two-customers"),
        no("merge {over}", "merge-into-ended"),
        no("split 9", "no-such-mail", "from 1 to 2"),
        no("split\nmerge {target}", "conflict", "split and merge"),
        Step("merge {target}", "merged", changed={"status": "closed"}, events="merged"),
        no("reopen", "merged-already", "{target}"),
        no("spam", "merged-already", "{target}"),
    )


def _money() -> tuple[Step, ...]:
    return (
        no("offer 20 EUR late", "offer-without-kind"),
        no("offer refund 20 EUR", "offer-without-reason"),
        no("offer refund 20 late", "money-currency", "“late”"),
        no("offer refund twenty EUR late", "money-unclear"),
        no("offer refund 1.250 KWD late", "money-two-ways"),
        no("offer refund 20 دينار late", "money-two-currencies", "“دينار”"),
        no("offer refund 20.1234 EUR late", "money-too-fine"),
        no("offer refund 0 EUR late", "money-nothing"),
        no("offer refund 1000000000000 EUR late", "money-too-much"),
    )


def _owing() -> tuple[Step, ...]:
    return (
        Step(
            f"promise a lamp by {IN_A_MONTH}\npromise a call by {IN_A_MONTH}",
            "promised",
            events="promised promised",
        ),
        no("kept", "which-owed", "a lamp", "a call"),
        no("kept 9", "no-such-owed", "a lamp"),
        Step("offer refund 10 EUR late", "offered", events="offered"),
        Step("offer voucher 5 EUR late", "offered", events="offered"),
        no("paid", "which-owed", "voucher"),
        no("paid 9", "no-such-owed", "refund"),
        no("withdraw", "which-owed", "a call", "voucher"),
        Step("paid 1", "paid", events="paid", holds={"compensation": "paid offered"}),
        no("withdraw offer 1", "withdraw-paid", "10.00"),
    )


def _known() -> tuple[Step, ...]:
    """Known issues and commitments."""
    told = "en: A batch leaks.\nend"
    return (
        no("issue", "needs-text", "issue TITLE"),
        no(f"issue Leaks\n{told}", "issue-no-cause"),
        no("issue Leaks\ncategory: late\nend", "issue-no-note"),
        no(f"issue Leaks\ncatgory: late\n{told}", "issue-label", "Did you mean “category”?"),
        no("issue Leaks\ncategory: late\nen:\nend", "issue-empty", "English"),
        no(f"issue Leaks\ncategory: late\nen: {'long ' * 900}\nend", "issue-long", "English"),
        no("issue Leaks\ncategory: late", "lines-without-end", "issue"),
        no(f"issue 9\n{told}", "no-such-issue", "9"),
        no("issues 9", "no-such-issue", "9"),
        no("concerns 9", "no-such-issue", "9"),
        no("fixed 9", "no-such-issue", "9"),
        Step(f"issue Leaks\nproduct: QQ\n{told}", "issue-opened", events="issue-opened"),
        no("issue 1", "issue-nothing"),
        Step("issue 1\nstate: withdrawn\nend", "issue-changed", events="issue-changed"),
        no("fixed 1", "issue-not-open", "withdrawn"),
        no("commit", "needs-text", "commit WHAT"),
        no(f"commit {'long ' * 120}", "commit-long", "500"),
        no("done", "no-open-commitment"),
        no("commitments now", "takes-nothing", "commitments"),
        Step("commit AB-1\ncommit AB-2", "committed", events="committed committed"),
        no("done", "which-owed", "AB-1", "AB-2"),
        no("done 9", "no-such-owed", "AB-1"),
    )


def _nameless() -> tuple[Step, ...]:
    """A case of somebody who has no address."""
    told = f"open\nchannel: letter\nfrom: nameless\nlanguage: en\n\n{WORDS}\nend"
    return (
        Step(told, "opened", by="ola", desk=True, opens="nameless"),
        no("approve", "no-customer"),
        no("merge {grammar}", "merge-without-customer"),
    )


def _kims_desk() -> tuple[Step, ...]:
    return (
        Step("away tomorrow", "away", changed={"away": 1}, events="away", desk=True),
        no("away", "needs-text", "away UNTIL"),
        no("away xyzzy", "when-unknown", "“xyzzy”"),
        no("queue please", "takes-nothing", "queue"),
        no("mine please", "takes-nothing", "mine"),
        no("stats please", "takes-nothing", "stats"),
        no("causes please", "takes-nothing", "causes"),
        no("show 9999", "no-case-of-number", "9999"),
        no("show", "which-case", "show"),
        no("search", "needs-text", "search WORDS"),
        no("help aprove", "no-such-command", "Did you mean “approve”?"),
        no(f"note {WORDS}", "which-case", "note"),
        no(f"#9999\nnote {WORDS}", "unknown-case", "9999", desk=True),
        no("approve", "which-case", "approve"),
        no("yes", "no-request"),
    )


def _phoned() -> tuple[Step, ...]:
    told = PHONED.format("phoned", "en")
    return (
        no(f"open\n{told}", "open-without-end", desk=True),
        no("open\nend", "open-empty"),
        no(f"open\n{told.replace(WORDS, '')}\nend", "open-no-words"),
        no(f"open\n{told.replace('channel', 'chanel')}\nend", "open-label", "Did you mean “channel”?"),
        no(f"open\n{told.replace('phone', 'pigeon')}\nend", "unknown-value", "“pigeon”"),
        no(f"open\nfrom: Carla\n\n{WORDS}\nend", "open-channel", "phone", "review"),
        no(f"open\n{told.replace('.com', '..')}\nend", "open-address", "phoned@example.."),
        no(f"open\n{told.replace('phoned@example.com', '{noa}')}\nend", "open-for-us", "is one of us"),
    )
