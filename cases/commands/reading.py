"""What of an agent's mail are commands: read before anything is gathered, so that only what they need is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from cases.commands.grammar import MARKS, Given, names_of, nearest, read
from cases.commands.lines import is_blank
from cases.commands.registry import COMMANDS
from cases.numbers import number_in, number_in_subject
from cases.rules.rulebook import Rulebook
from cases.rules.types import Agent
from cases.saying import Refusal
from language.normalise import normalise
from store.models import Token, TokenPurpose
from store.values import Message

AGENTS_OWN = (TokenPurpose.DRAFT, TokenPurpose.DESK, TokenPurpose.REQUEST)
"""What reply addresses are for that agents are given."""
FEW = 3
"""Words behind a command's name that are no sentence yet: "assign Dana", "severity high"."""
SLIP = 2
"""Words of a mail that says nothing else than a command, written wrongly or without what it needs."""


def read_mail(message: Message, rulebook: Rulebook, token: Token | None = None) -> tuple[Given, ...]:
    """The commands of a mail; raises Refusal.

    Those in its Subject count only where the mail says nothing and answers nothing of ours or of others.
    """
    sign_offs = _sign_offs(message, rulebook)
    reply, whole = message.reply_text, message.text
    if token is None and is_no_reply(message) and _says_nothing(reply, sign_offs):
        reply = whole = message.subject
    return read(reply, whole, names_of(rulebook.words), sign_offs)


def reads_as_commands(message: Message, rulebook: Rulebook) -> bool:
    """Whether a mail that no reply address of ours stands for is commands from end to end.

    An agent may be a customer as well, and complain in words that begin like a command: "Note that my
    parcel is late", "Help, it is broken". A line such as `#1042` above them says that they are commands.
    """
    return (
        _is_commands(message, rulebook)
        or _is_slip(message, rulebook)
        or _is_about_the_case_of_its_subject(message, rulebook)
    )


def _is_about_the_case_of_its_subject(message: Message, rulebook: Rulebook) -> bool:
    """Whether an agent's mail begins like a command under a case's number: "note she called", "asign Noa".

    It is not obeyed, for the Subject never decides; whoever wrote it is told what to write.
    """
    if rulebook.agent(message.sender.key) is None or number_in_subject(message.subject) is None:
        return False
    first = next((line for line in message.reply_text.splitlines() if not is_blank(line)), "")
    return nearest(first, names_of(rulebook.words)) != ""


def _is_slip(message: Message, rulebook: Rulebook) -> bool:
    """Whether an agent's new mail is a few words like a command's name: "hlep", "no, thanks".

    Nobody complains so; who meant a command is told that it was none. What stands below, a mail that is
    forwarded with "Please.", counts as well.
    """
    if rulebook.agent(message.sender.key) is None or not is_no_reply(message):
        return False
    if any(not one.content_id for one in message.attachments):
        return False  # A logo in a signature is shown by its identifier.
    names, sign_offs = names_of(rulebook.words), _sign_offs(message, rulebook)
    signed = frozenset(message.signature.splitlines())
    whole = (line for line in message.text.splitlines() if line not in signed and line.strip("-_ "))
    said = [line for line in whole if not _says_nothing(line, sign_offs)]
    if sum(len(line.split()) for line in said) > SLIP:
        return False
    named = names.get(normalise(message.subject).strip(MARKS)) in COMMANDS
    return named or nearest(said[0] if said else message.subject, names) != ""


def _is_commands(message: Message, rulebook: Rulebook) -> bool:
    try:
        given = read_mail(message, rulebook)
    except Refusal:
        return _begins_like_commands(message.reply_text, names_of(rulebook.words))
    if _is_line_for_the_desk(message, given):
        return True
    names = names_of(rulebook.words)
    return all(one.number is not None or _is_sure(one, names) for one in given)


def _is_line_for_the_desk(message: Message, given: Sequence[Given]) -> bool:
    """Whether the mail is one line such as "search blue lamp": who writes no more complains of nothing."""
    lines = [line for line in message.reply_text.splitlines() if not is_blank(line)]
    command = COMMANDS[given[0].name]
    return len(lines) <= 1 and command.scope == "desk" and command.takes == "text"


def _begins_like_commands(text: str, names: Mapping[str, str]) -> bool:
    """Whether the first line is one such as `#1042`, or the name of a command that takes the lines below."""
    first = next((line for line in text.splitlines() if not is_blank(line)), "")
    bare = normalise(first)
    if bare.startswith("#") and number_in(bare) is not None:
        return True
    name = names.get(bare.strip(MARKS), "")
    return name in COMMANDS and COMMANDS[name].takes in ("lines", "more")


def foreseen(
    message: Message, rulebook: Rulebook, agent: Agent | None, token: Token | None
) -> tuple[Given, ...]:
    """The commands that a mail will be obeyed for, if it is; none for what is no agent's mail."""
    if agent is None:
        return ()
    if not (token and token.purpose in AGENTS_OWN) and not reads_as_commands(message, rulebook):
        return ()
    try:
        return read_mail(message, rulebook, token)
    except Refusal:
        return ()


def named_case(given: Sequence[Given]) -> int | None:
    """The case that a line such as `#1042` above the commands names, or the one that is looked at alone."""
    looks = all(COMMANDS[one.name].changes_nothing for one in given)
    shown = [number_in(one.argument) for one in given if one.name == "show" and looks]
    named = (number for number in (*(one.number for one in given), *shown) if number is not None)
    return next(named, None)


def case_of_slip(
    message: Message, rulebook: Rulebook, agent: Agent | None, given: Sequence[Given] = ()
) -> int | None:
    """The case that the answer to an agent's slip is about: that in the first line, else in the Subject.

    Commands that a case is left out of are a slip as well, and are not obeyed: the Subject never decides.
    """
    if agent is None or not reads_as_commands(message, rulebook):
        return None
    if given and not of_a_case(given):
        return None
    first = next((line for line in message.reply_text.splitlines() if not is_blank(line)), "")
    bare = normalise(first)
    return number_in(bare) if bare.startswith("#") else number_in_subject(message.subject)


def of_a_case(given: Sequence[Given]) -> str:
    """The first command that is about a case; "" where all are about the desk."""
    return next((one.name for one in given if COMMANDS[one.name].scope == "case"), "")


def is_no_reply(message: Message) -> bool:
    """Whether the mail answers none; its Subject is its writer's own then."""
    return not (message.in_reply_to or message.references)


def _is_sure(one: Given, names: Mapping[str, str]) -> bool:
    """Whether nobody writes this who means anything but the command."""
    command = COMMANDS[one.name]
    if command.flows:
        return False
    if command.takes == "nothing" or not one.argument:
        return not one.argument
    if command.takes == "lines" or number_in(one.argument) is not None:
        return True
    if command.takes == "more":
        return "\n" in one.argument
    if command.takes == "maybe" and command.changes_nothing:
        known = names.get(normalise(one.argument)) in COMMANDS
        return known or len(one.argument.split()) == 1  # "help aprove"
    return len(one.argument.split()) <= FEW


def _sign_offs(message: Message, rulebook: Rulebook) -> frozenset[str]:
    """Closings of every language, and the names of who wrote the mail, normalised."""
    agent = rulebook.agent(message.sender.key)
    names = [message.sender.name, *([agent.name] if agent else [])]
    own = [word for name in names for word in (name, *name.split())]
    closings = tuple(phrase for words in rulebook.words for phrase in (*words.closing, *words.courtesy))
    return _normalised(closings) | frozenset(filter(None, map(normalise, own)))


@lru_cache(4)
def _normalised(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(filter(None, map(normalise, phrases)))


def _says_nothing(text: str, sign_offs: frozenset[str]) -> bool:
    lines = (normalise(line).strip(" .,،!") for line in text.splitlines())
    return all(not line or line in sign_offs for line in lines)
