"""What a sample's headers say: by what name our border speaks, and whether letters of ours are believed.

No DNS is asked: the server that received the mail has done so, and wrote down what it found.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import getaddresses

from cases.authentication import Result, Said, said_in
from engine.doctor.finding import Finding, note, right, wrong
from settings import Settings

FIELD = "Authentication-Results"
_TAG = re.compile(r"(?:^|;)\s*([a-z]+)\s*=\s*([^;\s]+)", re.IGNORECASE)
_FROM_IP = re.compile(r"(?:client-ip=|sender IP is |\bdesignate[sd]? )([0-9a-fA-F.:]+[0-9a-fA-F])")


@dataclass(frozen=True, slots=True)
class Sample:
    """The headers of a mail that somebody received."""

    sender: str
    """The address in From."""
    fields: tuple[str, ...]
    """Its Authentication-Results, the newest first."""
    signed: tuple[tuple[str, str], ...]
    """Selector and domain of each DKIM signature on it."""
    from_ip: str
    """The machine that handed it over, where that is said."""

    @property
    def domain(self) -> str:
        """Of the sender."""
        return self.sender.rpartition("@")[2]


def sample_of(raw: bytes) -> Sample:
    """The headers that matter here."""
    mail = email.message_from_bytes(raw)
    named = {name: [str(one) for one in mail.get_all(name, [])] for name in (FIELD, "DKIM-Signature", "From")}
    addresses = [address for _, address in getaddresses(named["From"]) if "@" in address]
    tags = [{key.lower(): value for key, value in _TAG.findall(one)} for one in named["DKIM-Signature"]]
    written = " ".join(str(one) for name in ("Received-SPF", FIELD) for one in mail.get_all(name, []))
    found = _FROM_IP.search(" ".join(written.split()))
    return Sample(
        addresses[0].lower() if addresses else "",
        tuple(" ".join(one.split()) for one in named[FIELD]),
        tuple((one["s"], one["d"].lower()) for one in tags if {"s", "d"} <= one.keys()),
        found[1] if found else "",
    )


def look(raw: bytes, settings: Settings) -> Iterator[Finding]:
    """What a sample shows: one of our own letters as it came elsewhere, or a mail that came to us."""
    sample = sample_of(raw)
    if not sample.sender:
        yield wrong(
            "the sample is no mail: it has no sender",
            "save a mail with all its headers: “Show original” and “Download” in Gmail, “Save as” in Outlook "
            "or Thunderbird (.eml)",
        )
    elif sample.sender in {one.lower() for one in settings.addresses}:
        yield from of_ours(sample)
    else:
        yield from of_theirs(sample, settings)


# -- a mail that came to us


def of_theirs(sample: Sample, settings: Settings) -> Iterator[Finding]:
    """By what name our border vouches for agents, and whether that is set."""
    yield from border(sample, settings)
    if (said := _top(sample)) is not None:
        shown = ", ".join(f"{one.method}={one.said}" for one in said.results) or "nothing"
        yield right(f"of this sender ({sample.domain}) it says: {shown}")


def border(sample: Sample, settings: Settings) -> Iterator[Finding]:
    """Whether the server's name stands in TRUSTED_AUTHSERV_ID, or why it can't."""
    said = _top(sample)
    instead = "set TOKEN_ONLY_COMMANDS=true: then the secret reply address alone is the proof"
    alone = settings.TOKEN_ONLY_COMMANDS
    if not sample.fields:
        words = "your mail server wrote no Authentication-Results on this mail"
        if alone:
            yield right(f"{words}; TOKEN_ONLY_COMMANDS=true is set, so that is no matter")
        else:
            yield wrong(words, f"{instead}; or let the server check mail (OpenDMARC, Rspamd) and write it")
    elif said is None:
        yield wrong(f"the topmost Authentication-Results can't be read: {sample.fields[0][:200]}", instead)
    elif not said.by:
        words = (
            "your mail server writes no name of its own into Authentication-Results, as Exchange Online does"
        )
        if alone:
            yield right(f"{words}; TOKEN_ONLY_COMMANDS=true is set, which is the way for it")
        else:
            yield wrong(f"{words}, so that it can't be told from a forger's", instead)
    elif not settings.TRUSTED_AUTHSERV_ID:
        words = f"your mail server calls itself {said.by} in Authentication-Results"
        if alone:
            yield right(f"{words}; with TRUSTED_AUTHSERV_ID={said.by} you would not need TOKEN_ONLY_COMMANDS")
        else:
            yield wrong(f"{words}, and TRUSTED_AUTHSERV_ID is not set", f"set TRUSTED_AUTHSERV_ID={said.by}")
    elif said.by.lower() == settings.TRUSTED_AUTHSERV_ID.lower():
        yield right(f"TRUSTED_AUTHSERV_ID={said.by} is what your mail server writes")
    else:
        is_set = f"TRUSTED_AUTHSERV_ID={settings.TRUSTED_AUTHSERV_ID}"
        yield wrong(
            f"your mail server calls itself {said.by}, but {is_set}",
            f"if this mail came straight into the mailbox: set TRUSTED_AUTHSERV_ID={said.by}",
        )


# -- a letter of ours that came elsewhere


def of_ours(sample: Sample) -> Iterator[Finding]:
    """Whether those who receive our letters have reason to believe that they are ours."""
    said = _top(sample)
    if said is None or not said.results:
        yield note(
            "who received this letter of ours did not write down whether it is genuine",
            "send one to a mailbox of Gmail, save it there with all headers, and show me that",
        )
        return
    yield right(f"this is a letter of ours, as {said.by or 'the server that received it'} saw it")
    yield _spf(sample, said)
    yield _dkim(sample, said)
    yield _dmarc(sample, said)


def _spf(sample: Sample, said: Said) -> Finding:
    domain, found = sample.domain, said.of("spf")
    machine = f" ({sample.from_ip})" if sample.from_ip else ""
    record = f"the TXT record of {domain}"
    if not found or found[0].said == "none":
        return wrong(
            f"SPF: {domain} does not say which servers may send its mail",
            f"publish {record}: v=spf1 include:… ~all, with the include: that your mail provider names"
            + (f", or ip4:{sample.from_ip} for a server of your own" if "." in sample.from_ip else ""),
        )
    verdict = found[0].said
    of = next(iter(found[0].properties["smtp.mailfrom"]), domain)
    if verdict == "pass":
        if _aligned(of, domain):
            return right(f"SPF: pass for {of}")
        return note(
            f"SPF: pass, but for {of}, not for {domain}",
            f"DKIM must pass for {domain} then; or let the server send as {domain} (its envelope sender)",
        )
    if verdict in ("permerror", "temperror"):
        return wrong(
            f"SPF: {verdict}: the record of {of} is broken or could not be read",
            f"see that there is one TXT record that begins with v=spf1 at {of}, with at most ten include:",
        )
    return wrong(
        f"SPF: {verdict} for {of}: the server that sent it{machine} is not among those that may",
        f"add it to the TXT record of {of} that begins with v=spf1 (include:… of your provider"
        + (f", or ip4:{sample.from_ip})" if "." in sample.from_ip else ")"),
    )


def _dkim(sample: Sample, said: Said) -> Finding:
    domain, found = sample.domain, said.of("dkim")
    passed = [_signer(one) for one in found if one.said == "pass"]
    if any(_aligned(one, domain) for one in passed):
        return right(f"DKIM: pass for {domain}")
    if passed:
        return wrong(
            f"DKIM: pass, but signed by {passed[0]}, not by {domain}",
            f"let your provider sign with {domain}: it shows two or three records to publish at {domain}",
        )
    if not sample.signed and (not found or found[0].said == "none"):
        return wrong(
            f"DKIM: letters from {domain} are not signed",
            f"switch DKIM on at your mail provider and publish the record that it shows, "
            f"at SELECTOR._domainkey.{domain}",
        )
    selector, signer = sample.signed[0] if sample.signed else ("SELECTOR", domain)
    verdict = found[0].said if found else "not checked"
    return wrong(
        f"DKIM: {verdict}: the signature of {signer} does not hold",
        f"publish the key as the TXT record of {selector}._domainkey.{signer}, as your provider shows it; if "
        "it is there, a server on the way changes letters after they are signed",
    )


def _dmarc(sample: Sample, said: Said) -> Finding:
    domain, found = sample.domain, said.of("dmarc")
    record = f"the TXT record of _dmarc.{domain}: v=DMARC1; p=none; rua=mailto:postmaster@{domain}"
    if not found or found[0].said in ("none", "bestguesspass"):
        return wrong(
            f"DMARC: {domain} does not say what to do with forged mail; large providers want that",
            f"publish {record}; when its reports look well, p=quarantine",
        )
    if found[0].said == "pass":
        return right(f"DMARC: pass for {domain}")
    return wrong(
        f"DMARC: {found[0].said}: neither SPF nor DKIM passes for {domain} itself",
        "mend SPF or DKIM as said above; until then many providers put letters into spam",
    )


def _top(sample: Sample) -> Said | None:
    return said_in(sample.fields[0]) if sample.fields else None


def _signer(result: Result) -> str:
    return next(iter(result.properties["header.d"] or result.properties["header.i"]), "")


def _aligned(one: str, domain: str) -> bool:
    """Whether a name is the domain, or one above or below it (relaxed alignment, RFC 7489)."""
    return bool(one) and (one == domain or one.endswith(f".{domain}") or domain.endswith(f".{one}"))
