"""Who may command, and by what proof (promises 14 to 17).

A reply address that was mailed to the agent, together with our border's word; our border's word alone for a
mail that is new; or a yes from the registered address (see challenging.py).
"""

from __future__ import annotations

from datetime import timedelta

from cases.authentication import is_genuine
from cases.facts import Facts
from cases.saying import Say
from store.models import DraftState, MailKind, RequestKind, Token, TokenPurpose
from store.values import Message

FRESH = timedelta(days=1)
"""How far a mail's date may be from now, for it to be obeyed without a reply address."""


def why_not(facts: Facts, message: Message) -> Say | None:
    """Why the mail has no authority to command; None when it has. The checks stand in order."""
    return who_wrote(facts, message) or _proof(facts, message) or _token(facts)


def may_command(facts: Facts, message: Message) -> bool:
    """Whether the mail has authority to command as it came, by either proof that it can bring."""
    if why_not(facts, message) is None:
        return True
    fresh = facts.token is None and who_wrote(facts, message) is None
    return fresh and is_proved_without_token(facts, message)


def who_wrote(facts: Facts, message: Message) -> Say | None:
    """Why it is no agent's mail: one From header with one address, and that the bound agent's."""
    if len(message.senders) != 1 or len(message.header("From")) > 1:
        return Say("several-senders")
    if facts.token and message.sender.key != facts.token.agent:
        return Say("wrong-sender", {"sender": message.sender.address})
    if facts.agent is None:
        return Say("no-longer-an-agent", {"sender": message.sender.address})
    return None


def is_proved_without_token(facts: Facts, message: Message) -> bool:
    """Whether our border's word is enough: for one mail, and while it is new.

    A copy of a genuine mail can be sent again and still pass; but not under another Message-ID or date.
    """
    if facts.id_used_before or not message.message_id or message.date is None:
        return False
    return is_vouched_for(facts, message) and abs(facts.now - message.date) <= FRESH


def is_authenticated(facts: Facts, message: Message) -> bool:
    """Whether the bound agent wrote it beyond doubt, so that a refusal may come with a fresh reply address.

    Without our border's word an unspent reply address must stand for it, and is used up: otherwise a
    leaked old one could flood the agent.
    """
    if facts.token is None or who_wrote(facts, message) or _proof(facts, message):
        return False
    return is_vouched_for(facts, message) or is_unspent(facts.token)


def is_unspent(token: Token) -> bool:
    """Whether the token was neither used nor revoked."""
    return token.used_at is None and token.revoked_at is None


def is_vouched_for(facts: Facts, message: Message) -> bool:
    """Whether our border says that the sender is genuine."""
    border = facts.policy.trusted_authserv_id
    return is_genuine(message.authentication_results, border, message.sender.address)


def _proof(facts: Facts, message: Message) -> Say | None:
    """Our border's word that the sender is genuine, unless the operator does without it."""
    policy = facts.policy
    token_only = policy.token_only and not policy.trusted_authserv_id
    if not token_only and not _confirms(facts) and not is_vouched_for(facts, message):
        return Say("not-genuine")
    if message.kind is not MailKind.CUSTOMER:
        return Say("automatic")
    return None


def _confirms(facts: Facts) -> bool:
    """Whether it answers a challenge: who reads the registered address's mail has the proof it asks for."""
    asked = facts.request is not None and facts.request.kind is RequestKind.CHALLENGE
    return asked and facts.token is not None and facts.token.purpose is TokenPurpose.REQUEST


def _token(facts: Facts) -> Say | None:
    """The reply address: unused, unexpired, and for the draft as it stands."""
    token = facts.token
    if token is None:
        return Say("no-token")
    if token.used_at is not None:
        return Say("token-used")
    if _is_stale(token, facts):
        return Say("stale-draft", {"version": token.draft_version})
    if token.revoked_at is not None:
        return Say("token-replaced")
    if token.expires_at is not None and token.expires_at <= facts.now:
        return Say("token-expired")
    return None


def is_the_same_draft(facts: Facts) -> bool:
    """Whether the draft that the mail's reply address was for is open still, at that version."""
    token, draft = facts.token, facts.draft
    is_for_a_draft = token is not None and token.purpose is TokenPurpose.DRAFT
    is_open = draft is not None and draft.state is DraftState.OPEN
    return token is not None and is_for_a_draft and is_open and not _is_stale(token, facts)


def _is_stale(token: Token, facts: Facts) -> bool:
    if token.purpose is not TokenPurpose.DRAFT:
        return False
    return (token.draft_version or 0) != (facts.draft.version if facts.draft else 0)
