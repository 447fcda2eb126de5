"""Every command done once, as each language calls it."""

from __future__ import annotations

from tests.desk_plan import LANGUAGE_OF, LATER, SET, Lane, Step

WORDS = "AB-4711"
"""Stands for what an agent writes behind a command; in every transcript and letter as it was written."""
ABOVE = f"{{offer}} refund 60 EUR {WORDS}"
PHONED = f"channel: phone\nfrom: Carla <{{0}}@example.com>\nlanguage: {{1}}\n\n{WORDS}"
DECIDERS = ("ola", "omar")
TURN = {"en": 1, "fa": 2, "he": 1, "ar": 2}
"""Which known issue and which commitment of a mail host's agents is that of this language."""


def story(agent: str) -> tuple[Lane, ...]:
    """Each command done by an agent, as the agent's own language calls it."""
    language = LANGUAGE_OF[agent]
    return (
        Lane(f"draft-{language}", agent, language, _drafts(language), got=("It comes on Monday.",)),
        Lane(f"hand-{language}", agent, language, _hands(agent)),
        Lane(f"owed-{language}", agent, language, _owed(agent, f"from-owed-{language}"), mails=2),
        Lane(f"desk-{language}", agent, language, _desk(language), customer="nobody"),
        Lane(f"known-{language}", agent, language, _known(language), got=(WORDS,)),
    )


def _drafts(language: str) -> tuple[Step, ...]:
    """From the first look to the answer that leaves."""
    other = "fa" if language == "en" else "en"
    return (
        Step(
            f"{{note}} {WORDS}\n{{severity}} {{urgent}}\n{{fault}} {{ours}}\n{{category}} damaged",
            "noted severity-set fault-set category-set next-approve",
            changed={"severity": "urgent", "fault": "ours", "category": "damaged"},
            events="noted changed changed drafted corrected drafted",
            holds={"draft": "superseded open"},
        ),
        Step(
            f"{{fact}} order_number {WORDS}\n{{fact}} product K-1\n{{fact}} product -",
            "fact-set fact-removed",
            shows=(WORDS, "K-1"),
            events="fact fact no-fact",
        ),
        Step(
            "{promise} AB-1 {by} {tomorrow}\n{promise} AB-2 {by} {tomorrow}\n"
            f"{{offer}} refund 20 EUR {WORDS}",
            "promised offered next-letter",
            shows=("AB-1", "AB-2", WORDS),
            events="promised promised offered",
            holds={"promise": "open open", "compensation": "offered"},
        ),
        Step(
            "{kept} AB-1\n{paid}\n{withdraw} AB-2\n{template} lost\n{preview}\n{show}",
            "promise-kept paid promise-withdrawn redrafted previewed shown",
            events="promise-kept paid withdrawn drafted looked looked",
            holds={
                "promise": "kept withdrawn",
                "compensation": "paid",
                "draft": "superseded superseded open",
            },
        ),
        Step(
            f"{{language}} {{{other}}}\n{{ask}}",
            "language-set redrafted",
            changed={"language": other},
            events="changed drafted drafted",
        ),
        Step(f"{{reject}} {WORDS}", "rejected next-edit", changed={"status": "open"}, events="rejected"),
        Step(
            "{edit}\nDear customer,\n\nIt comes on Monday.\n{end}\n{approve}",
            "edited approved next-undo",
            changed={"status": "answered", "answered_at": SET},
            events="edited approved",
        ),
        Step(
            "{undo}", "undone next-approve", changed={"status": "open", "answered_at": None}, events="undone"
        ),
        Step("{approve}", "approved next-undo", changed={"status": "answered"}, events="approved"),
        LATER,
        Step("{checkins} {off}", "checkins-off", events="opted-out"),
        Step("{checkins} {on}", "checkins-on", events="opted-in"),
        Step("{resolve}", "resolved", changed={"status": "resolved", "resolved_at": SET}, events="resolved"),
    )


def _hands(agent: str) -> tuple[Step, ...]:
    """From hand to hand, and how a case ends."""
    return (
        Step("{snooze} {tomorrow}", "snoozed next-snoozed", changed={"snoozed_until": SET}, events="snoozed"),
        Step(
            "{release}",
            "released next-take",
            changed={"assignee": "", "snoozed_until": None},
            events="released",
        ),
        Step("{take}", "taken", changed={"assignee": agent}, events="assigned drafted"),
        Step(
            "{assign} Ola",
            "assigned next-take",
            changed={"assignee": "ola"},
            events="assigned drafted",
            mails=("ola",),
        ),
        Step(
            f"{{escalate}} {agent} {WORDS}",
            "escalated next-take",
            by="ola",
            changed={"assignee": agent},
            events="escalated drafted",
            mails=(agent,),
        ),
        Step("{resolve}", "resolved-unsent", changed={"status": "resolved"}, events="resolved"),
        Step("{reopen}", "reopened next-approve", changed={"status": "open"}, events="reopened"),
        Step(
            "{close}",
            "closed-unsent",
            changed={"status": "closed", "closed_at": SET},
            events="closed-by-agent",
        ),
        Step("{spam}", "spam", changed={"status": "closed", "spam": 1}, events="spam"),
    )


def _owed(agent: str, second: str) -> tuple[Step, ...]:
    """What an approver says no and yes to; then a second matter becomes a case, and is one again."""
    asks = Step(
        ABOVE,
        "held next-wait",
        ("Ola", "Omar"),
        events="requested",
        mails=DECIDERS,
        holds={"compensation": ""},
    )
    return (
        asks._replace(holds={"request": "waiting"}),
        Step(
            f"{{no}} {WORDS}",
            "denied",
            by="ola",
            events="denied",
            mails=(agent, "omar"),
            holds={"request": "denied", "compensation": ""},
        ),
        asks,
        Step(
            "{yes}",
            "granted offered",
            by="ola",
            events="granted offered",
            mails=(agent, "omar"),
            holds={"request": "denied granted", "compensation": "offered"},
        ),
        Step("{split}", "split", events="split", opens=second),
        Step(
            f"{{merge}} {{{second}}}",
            "merged",
            changed={"status": "closed", "merged_into": SET},
            events="merged",
            holds={"compensation": ""},
        ),
    )


def _desk(language: str) -> tuple[Step, ...]:
    """Looking at the desk, being away, a customer who phoned, and what is known and is fixed."""
    called, turn = f"opened-{language}", TURN[language]
    return (
        Step(
            f"{{issue}} {WORDS}\nproduct: ZZ{turn}\n{{{language}}}: It leaks.\n{{end}}",
            "issue-opened next-issue",
            shows=(WORDS,),
            events="issue-opened",
            desk=True,
        ),
        Step(
            f"{{queue}}\n{{mine}}\n{{stats}}\n{{causes}}\n{{search}} {WORDS}\n{{help}} {{approve}}",
            "queue mine stats causes nothing-found help-one",
            events="looked looked looked looked looked helped",
            desk=True,
        ),
        Step("{away} {tomorrow}", "away", changed={"away": 1}, events="away"),
        Step("{away} {back}", "back", changed={"away": 0}, events="away"),
        Step(
            f"{{open}}\n{PHONED.format(called, language)}\n{{end}}",
            "opened next-opened",
            events="looked",
            opens=called,
        ),
        Step("{issues}\n{commitments}", "issues commitments", shows=(WORDS,), events="looked looked"),
        Step(
            f"{{fixed}} {turn}\n{{{language}}}: {WORDS}\n{{end}}",
            "batch-shown next-batch",
            events="requested",
        ),
        Step("{yes}", "batch-confirmed issue-fixed", shows=(WORDS,), events="granted issue-fixed", earlier=1),
    )


def _known(language: str) -> tuple[Step, ...]:
    """A case of a known issue, and what its customer is told that the firm will change."""
    turn = TURN[language]
    return (
        Step(f"{{fact}} product ZZ{turn}", "fact-set", events="fact concerned"),
        Step(f"{{concerns}} - {turn}", "not-concerned", events="not-concerned drafted"),
        Step(f"{{concerns}} {turn}", "concerned", shows=("It leaks.",), events="concerned drafted"),
        Step(f"{{commit}} AB-9{turn}", "committed next-letter", shows=(f"AB-9{turn}",), events="committed"),
        Step(
            f"{{done}} AB-9{turn}",
            "commitment-done next-approve",
            shows=(f"AB-9{turn}",),
            events="commitment-done drafted",
        ),
    )
