"""`worker.py do`: an agent's command from the command line, through the same registry."""

from __future__ import annotations

import uuid

from cases.commands.grammar import names_of, read
from cases.commands.obey import on_command
from cases.saying import Refusal
from engine import gather
from engine.desk import Desk
from engine.finish import Finisher
from store import ledger, queries


class NotDone(Exception):
    """The command was not carried out; the message says why and what to do."""


def do(desk: Desk, text: str, *, agent: str, number: int | None) -> list[str]:
    """Carry out commands as the agent on the case; what was done, a sentence each. Raises NotDone."""
    in_force, now = desk.files.current, desk.clock()
    finisher = Finisher(desk.settings, in_force.letters)
    known = in_force.rulebook.agent(agent.strip().lower())
    if known is None:
        names = ", ".join(one.address for one in in_force.rulebook.agents)
        raise NotDone(f"{agent} is no agent; rules/agents.yaml has {names}")
    if number is None:
        raise NotDone("say which case is meant: --case N (worker.py queue lists them)")
    with desk.database.write() as session:
        case = queries.case(session, number, lock=True)
        if case is None:
            raise NotDone(f"there is no case {number}; worker.py cases lists them")
        facts = gather.for_case(
            session,
            case,
            in_force.rulebook,
            desk.policy,
            now,
            f"do/{uuid.uuid4()}",
            agent=known,
            command=text,
        )
        try:
            given = read(text, text, names_of(in_force.rulebook.words))
            decision = on_command(facts, case, known, given)
        except Refusal as refused:
            raise NotDone(finisher.say(refused.say, "en")) from None
        ledger.record(
            session, finisher.finish(decision, facts, lambda: gather.original(session, case)), now=now
        )
    lines = next(one.variables["lines"] for one in decision.letters if one.template == "transcript")
    return [finisher.say(line, "en") for line in lines]
