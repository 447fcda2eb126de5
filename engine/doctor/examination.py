"""Everything that the doctor tries, in the order in which it is to be mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from engine import accounts, check, scanning
from engine.doctor import (
    databases,
    machine,
    mailboxes,
    people,
    proof,
    rights,
    round_trip,
    sending,
)
from engine.doctor.finding import Finding, note, right, wrong
from engine.doctor.rights import Private
from engine.doctor.trying import Probe, tried
from inbox.clamd import signatures
from settings import MAIN, Settings
from settings.credentials import secret_files

LARGE = 600.0
"""Seconds for what grows with the database."""


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined."""

    settings: Settings | None
    """None where they are wrong."""
    problems: tuple[str, ...]
    environment: Mapping[str, str]
    dotenv: Path
    rules: Path
    templates: Path
    now: Callable[[], datetime]
    sample: Path | None = None
    send_to: str = ""


def examined(patient: Patient) -> Iterator[Finding]:
    """Every finding, in order, as soon as it is made."""
    secrets = patient.settings.secrets if patient.settings else ()
    for probe in _probes(patient):
        yield from tried(probe, secrets)


def _probes(patient: Patient) -> Iterator[Probe]:
    settings = patient.settings
    yield Probe("This machine", partial(_machine, patient))
    yield Probe("Settings", partial(_settings, patient))
    yield Probe("Who may read and write", partial(_rights, patient))
    if settings is None:
        yield Probe("Rules and letters", partial(_files_alone, patient))
        return
    yield Probe("Rules and letters", partial(people.files, settings), LARGE)
    yield Probe("Agents", partial(people.agents, settings))
    yield Probe("Database", lambda: databases.look(settings, patient.now()), LARGE)
    if settings.CLAMAV:
        yield Probe("Virus scanner", partial(_scanner, settings))
    for one in settings.mailboxes:
        name = f" {one.name or MAIN}" if len(settings.mailboxes) > 1 else ""
        if one.by_oauth:
            yield Probe(f"Access token{name}", partial(_token, one, patient))
        yield Probe(f"Mailbox{name}", partial(mailboxes.look, one, patient.now), 120.0)
        yield Probe(f"Sending{name}", partial(sending.look, one, patient.now), 90.0)
        yield Probe(f"Proof of agents' mail{name}", partial(_proof, one, patient), 90.0)
        if patient.send_to:
            look = partial(round_trip.look, one, patient.send_to, patient.now())
            yield Probe(f"Round trip{name}", look, 240.0)
    if settings.ALERT_ADDRESS:
        look = partial(sending.look_at_second, settings, patient.now)
        yield Probe("Second way of alerts", look, 60.0)


def _machine(patient: Patient) -> Iterator[Finding]:
    yield from machine.python()
    yield from machine.clock(patient.now())
    settings = patient.settings
    places = [] if settings is None else [("the database", databases.place_of(settings))]
    if settings is not None:
        places += [("the cache", Path(settings.CACHE_DIR) if settings.CACHE_DIR else None)]
        places += [("the mailbox", mailboxes.place_of(one)) for one in settings.mailboxes]
    yield from machine.disks([(name, place.parent) for name, place in places if place is not None])


def _settings(patient: Patient) -> Iterator[Finding]:
    for problem in patient.problems:
        yield wrong(problem)
    if not patient.problems:
        where = f"{patient.dotenv} and the environment" if patient.dotenv.is_file() else "the environment"
        yield right(f"all settings are right (from {where})")


def _rights(patient: Patient) -> Iterator[Finding]:
    named = secret_files(patient.environment, patient.dotenv)
    private = [Private("the settings file", patient.dotenv)]
    private += [Private(name, path) for name, path in named.items()]
    if patient.settings is not None:
        private += _of_settings(patient.settings)
    yield from rights.private(private)
    yield from rights.decided_by_others("the rules", patient.rules)
    yield from rights.decided_by_others("the letters", patient.templates)


def _of_settings(settings: Settings) -> Iterator[Private]:
    if (file := databases.place_of(settings)) is not None:
        for end in ("", "-wal", "-shm"):
            yield Private("the database", file.with_name(f"{file.name}{end}"))
    if settings.CACHE_DIR:
        yield Private("the cache", Path(settings.CACHE_DIR).expanduser())
    for one in settings.mailboxes:
        if one.by_oauth:
            yield Private("the access token", accounts.place_of(one))
        if (place := mailboxes.place_of(one)) is not None:
            yield Private("the mailbox", place)


def _files_alone(patient: Patient) -> Iterator[Finding]:
    found = [wrong(problem) for problem in check.files(patient.rules, patient.templates)]
    yield from found or [right(f"rules and letters are right ({patient.rules}, {patient.templates})")]
    yield note("nothing else can be tried before the settings are right")


def _scanner(settings: Settings) -> Iterator[Finding]:
    version = scanning.pinged(settings.CLAMAV)
    made = signatures(version)
    if made:
        yield right(f"{version.partition('/')[0]} answers; its signatures are of {made}")
    else:
        yield note(f"{version} answers, but does not say how old its signatures are", "let freshclam run")


def _token(settings: Settings, patient: Patient) -> Iterator[Finding]:
    for well, words, todo in accounts.told(settings, patient.now()):
        yield replace(right(words) if well else wrong(words), todo=todo)


def _proof(settings: Settings, patient: Patient) -> Iterator[Finding]:
    if patient.sample is not None:
        # A sample says by what name the border speaks, so that what is missing can be named.
        yield from proof.look(patient.sample.read_bytes(), settings)
    else:
        for problem in check.authority(settings):
            yield wrong(
                problem, "with a mail that came to the mailbox the name can be told: --mail SAMPLE.eml"
            )
    # All mailboxes have one database: what came is looked at once.
    problems, notes = ([], []) if settings.name else check.of_border(settings)
    for problem in problems:
        yield wrong(problem)
    for one in notes:
        yield note(one)
    if patient.sample is None and not problems and not list(check.authority(settings)):
        yield right(_believed(settings))


def _believed(settings: Settings) -> str:
    if settings.TRUSTED_AUTHSERV_ID:
        return f"agents' mail is believed when {settings.TRUSTED_AUTHSERV_ID} says that it is genuine"
    return "agents' commands are believed by their secret reply address alone (TOKEN_ONLY_COMMANDS)"
