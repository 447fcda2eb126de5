"""Who may command, and by what proof (promises 14 to 17)."""

from __future__ import annotations

from cases.authentication import is_genuine
from cases.facts import Facts
from cases.saying import Say
from store.models import MailKind, Token
from store.values import Message


def why_not(facts: Facts, message: Message) -> Say | None:
    """Why the mail has no authority to command; None when it has. The checks stand in order."""
    return _sender(facts, message) or _proof(facts, message) or _token(facts)


def is_authenticated(facts: Facts, message: Message) -> bool:
    """Whether the bound agent wrote it beyond doubt, so that a refusal may come with a fresh reply address.

    Without our border's word an unspent reply address must stand for it, and is used up: otherwise a
    leaked old one could flood the agent.
    """
    if _sender(facts, message) or _proof(facts, message) or facts.token is None:
        return False
    return _is_vouched_for(facts, message) or is_unspent(facts.token)


def is_unspent(token: Token) -> bool:
    """Whether the token was neither used nor revoked."""
    return token.used_at is None and token.revoked_at is None


def _sender(facts: Facts, message: Message) -> Say | None:
    """One From header with one address, and that the bound agent's."""
    if len(message.senders) != 1 or len(message.header("From")) > 1:
        return Say("several-senders")
    if facts.token is None:
        return Say("no-token")
    if message.sender.key != facts.token.agent:
        return Say("wrong-sender", {"sender": message.sender.address})
    if facts.agent is None:
        return Say("no-longer-an-agent", {"sender": message.sender.address})
    return None


def _proof(facts: Facts, message: Message) -> Say | None:
    """Our border's word that the sender is genuine, unless the operator does without it."""
    policy = facts.policy
    token_only = policy.token_only and not policy.trusted_authserv_id
    if not token_only and not _is_vouched_for(facts, message):
        return Say("not-genuine")
    if message.kind is not MailKind.CUSTOMER:
        return Say("automatic")
    return None


def _is_vouched_for(facts: Facts, message: Message) -> bool:
    border = facts.policy.trusted_authserv_id
    return is_genuine(message.authentication_results, border, message.sender.address)


def _token(facts: Facts) -> Say | None:
    """The reply address: unused, unexpired, and for the draft as it stands."""
    token = facts.token
    if token is None:
        return Say("no-token")
    if token.used_at is not None:
        return Say("token-used")
    if token.revoked_at is not None or _is_stale(token, facts):
        return Say("stale-draft", {"version": token.draft_version})
    if token.expires_at is not None and token.expires_at <= facts.now:
        return Say("token-expired")
    return None


def _is_stale(token: Token, facts: Facts) -> bool:
    return (token.draft_version or 0) != (facts.draft.version if facts.draft else 0)
