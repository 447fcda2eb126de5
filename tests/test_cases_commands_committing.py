"""`commit` and `done`."""

from __future__ import annotations

from typing import Any

import pytest

from cases.commands.grammar import Given
from cases.commands.obey import on_command
from cases.decision import Decision
from cases.known import Candidate, Known
from cases.saying import Refusal, Say
from store.models import CommitmentState, EventKind, RequestKind, Status
from tests.facts_factory import case, draft
from tests.issue_facts import commitment
from tests.money_facts import SARA, about, request, who

OTHER = commitment(6, case_number=8, what="We pack glass  twice!")


def done(*commands: str, desk: bool = False, **changes: Any) -> Decision:
    known = about(**({"draft": draft(template="answer/late")} | changes))
    given = [Given(name, rest) for name, _, rest in (line.partition(" ") for line in commands)]
    return on_command(known, None if desk else known.case, who(SARA, known.rulebook), given)


def refused(*commands: str, **changes: Any) -> Say:
    with pytest.raises(Refusal) as refusal:
        done(*commands, **changes)
    return refusal.value.say


def both() -> Known:
    ours, other = commitment(), OTHER.model_copy(update={"what": "we pack GLASS twice"})
    cases = (case(), case(number=8, customer="b@example.org", status=Status.CLOSED))
    return Known(
        commitments=(ours,),
        open_commitments=(ours, other),
        candidates=tuple(
            Candidate(one, commitment=made) for one, made in zip(cases, (ours, other), strict=True)
        ),
    )


def test_a_commitment_is_written_down_with_its_number() -> None:
    decision = done("commit we pack glass  twice", known=Known(next_commitment=5))
    (made,) = decision.rows
    assert (made.table, made.values["id"], made.values["what"]) == ("commitment", 5, "we pack glass twice")
    assert (made.values["state"], made.values["made_by"]) == (CommitmentState.OPEN, SARA)
    assert [event.kind for event in decision.events] == [EventKind.COMMITTED]


def test_two_in_one_mail_have_numbers_of_their_own() -> None:
    decision = done("commit one thing", "commit another", known=Known(next_commitment=5))
    assert [one.values["id"] for one in decision.rows] == [5, 6]


def test_the_same_words_are_one_commitment() -> None:
    decision = done("commit We pack glass twice", known=Known(commitments=(commitment(),), next_commitment=9))
    assert decision.rows == ()


def test_a_draft_that_can_carry_it_carries_it() -> None:
    decision = done(
        "commit we pack glass twice",
        known=Known(next_commitment=5),
        draft=draft(template="answer/resolution"),
    )
    assert decision.draft is not None
    assert decision.draft.variables["commitment"] == "we pack glass twice"


def test_done_makes_a_draft_that_tells_the_customer() -> None:
    decision = done("done", known=Known(commitments=(commitment(),), open_commitments=(commitment(),)))
    (change,) = decision.changes
    assert change.values["state"] is CommitmentState.DONE
    assert decision.draft is not None
    assert decision.draft.template == "answer/commitment_done"
    assert decision.draft.variables["commitment"] == "we pack glass twice"


def test_done_leaves_an_agents_own_words_alone_and_offers_the_letter() -> None:
    decision = done(
        "done 5",
        known=Known(commitments=(commitment(),), open_commitments=(commitment(),)),
        draft=draft(template=""),
        answers=frozenset({"commitment_done"}),
    )
    assert decision.draft is None
    assert decision.letters[-1].letter == "commitment_done"


def test_several_with_the_same_words_are_asked_about_together() -> None:
    decision = done("done 5", known=both())
    (made,) = decision.rows
    assert made.values["given"] == [["done", "5"]]
    (asks,) = (one for one in decision.letters if one.template == "agent_batch")
    assert (asks.variables["what"], asks.variables["count"]) == ("done", 2)
    assert asks.samples[0].draft.variables["commitment"] == "we pack glass twice"


def test_a_yes_ends_all_of_them_and_tells_each_customer() -> None:
    wish = request(kind=RequestKind.BATCH, given=[["done", "5"]], agent=SARA, case_number=None)
    decision = done("yes", desk=True, request=wish, known=both())
    ended = [one.key for one in decision.changes if one.table == "commitment"]
    assert ended == [{"id": 5}, {"id": 6}]
    timers = [one.values for one in decision.rows]
    assert [(one["key"], one["case_number"]) for one in timers] == [("fixed/done/5", 7), ("fixed/done/6", 8)]


def test_what_is_not_clear_is_refused() -> None:
    assert refused("done", known=Known()).code == "no-open-commitment"
    two = (commitment(), commitment(6, what="we answer sooner"))
    assert refused("done", known=Known(commitments=two)).code == "which-owed"
    assert refused("done 9", known=Known(commitments=two)).code == "no-such-owed"
    assert refused(f"commit {'x' * 501}", known=Known(next_commitment=1)).code == "commit-long"
