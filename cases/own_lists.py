"""Mail that came through a group address of our own is its writer's, not a mailing list's.

Where the complaints address is a Google group, a Microsoft 365 group or a Mailman list, the group marks each
customer's mail as list mail (RFC 2369, RFC 2919), and may put its own address in From, because a DMARC policy
forbids it to send in the customer's name: "'Ann Bee' via Complaints" <complaints@firm.example>. A web form
of the firm does the same: its mail comes from our own address, and Reply-To names who filled it in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from language.signs import Signs, carries
from store.kinds import MailKind
from store.values import Address, Message, canonical

_NAMING = ("List-Id", "List-Post", "Mailing-List", "X-BeenThere", "X-Mailing-List")
_ORIGINAL = ("X-Original-From", "X-Original-Sender", "X-Google-Original-From", "X-Mailman-Original-From")
_GROUPS_OWN = (
    "List-Id", "List-Post", "List-Help", "List-Subscribe", "List-Unsubscribe", "List-Archive", "List-Owner",
    "List-Unsubscribe-Post", "Mailing-List", "X-BeenThere", "X-Mailing-List", "X-Mailman-Version",
    "X-Google-Group-Id",
)  # fmt: skip
_OWN_REASONS = frozenset({*map(carries, _GROUPS_OWN), "Precedence: list"})
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]{1,200}@[^\s<>,;:\"()\[\]]{1,200}")
_VIA = (" via ", " über ", " durch ")
_LONGEST = 1_000

Ours = str | Collection[str]
Keys = frozenset[str]


def as_its_writers(message: Message, ours: Ours, signs: Signs) -> Message:
    """The mail as its writer sent it when our own group passed it on; every other mail as it is.

    `ours` is our address, or several of them.

    Gone are the reasons against an answer that the group itself gave. A writer whom the group took out of
    From is only as sure as what the group says, so no authentication vouches for them: such a mail commands
    nothing.
    """
    if message.kind not in (MailKind.LIST, MailKind.CUSTOMER) or not message.senders:
        return message
    ours = frozenset(map(canonical, (ours,) if isinstance(ours, str) else ours))
    through, rewritten = _through_ours(message, ours), _all_ours(message.senders, ours)
    if not through and not rewritten:
        return message
    writer = _writer(message, ours) if rewritten else None
    if rewritten and writer is None:
        return message
    reasons = message.no_auto_reply
    if through:
        reasons = tuple(reason for reason in reasons if reason not in _OWN_REASONS)
        message = replace(message, kind=MailKind.CUSTOMER, kind_because="")
    if writer is not None:
        if not through and not _name_in(message.sender.name):
            reasons = (*reasons, "its From is our own address, as a web form writes it")
        if signs.is_system(writer.address):
            reasons = (*reasons, f"{writer.address} is a system's address")
        message = replace(message, senders=(writer,), authentication_results=())
    reply_to = tuple(one for one in message.reply_to if not _is_ours(one.address, ours))
    return replace(message, no_auto_reply=reasons, reply_to=reply_to)


def _through_ours(message: Message, ours: Keys) -> bool:
    """Whether its list fields name our address, and no other list passed it on."""
    named = [value for name in _NAMING for value in message.header(name)]
    lists = message.header("List-Id")
    return any(_names(value, ours) for value in named) and all(_names(value, ours) for value in lists)


def _names(value: str, ours: Keys) -> bool:
    """Whether a list field names our address: as an address, or as a List-Id with a dot for the @."""
    value = value[:_LONGEST].lower()
    addresses = (found.removeprefix("mailto:").partition("?")[0] for found in _addresses(value))
    if any(_is_ours(found, ours) for found in addresses):
        return True
    label = value.rpartition("<")[2].partition(">")[0] if "<" in value else value
    return label.strip() in {one.replace("@", ".") for one in ours}


def _addresses(value: str) -> Iterator[str]:
    return iter(_ADDRESS.findall(value.replace("mailto:", " ")))


def _is_ours(address: str, ours: Keys) -> bool:
    return canonical(address) in ours


def _all_ours(senders: tuple[Address, ...], ours: Keys) -> bool:
    return all(_is_ours(sender.address, ours) for sender in senders)


def _writer(message: Message, ours: Keys) -> Address | None:
    """Who wrote a mail whose From is ours; None when nobody else is named."""
    name = _name_in(message.sender.name)
    for field in _ORIGINAL:
        for value in message.header(field):
            if found := _first_other(value, ours):
                return Address(found, _own_name(value, found) or name)
    others = {one.key: one for one in message.reply_to if not _is_ours(one.address, ours)}
    if len(others) == 1:
        (other,) = others.values()
        return Address(other.address, other.name or name)
    return None


def _first_other(value: str, ours: Keys) -> str:
    return next((found for found in _addresses(value[:_LONGEST]) if not _is_ours(found, ours)), "")


def _own_name(value: str, address: str) -> str:
    """The name before an address in angle brackets."""
    before, bracket, _ = value[:_LONGEST].partition(f"<{address}")
    return before.strip(" \t\"'") if bracket else ""


def _name_in(shown: str) -> str:
    """Ann Bee, of "'Ann Bee' via Complaints"; "" when a From name has no such form."""
    shown = shown[:_LONGEST]
    places = [place for word in _VIA if (place := shown.find(word)) > 0]
    return shown[: min(places)].strip(" \t\"'") if places else ""
