"""Every setting: its name, its bounds, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from settings import checks
from settings.access import AccessSettings, Tls
from settings.hidden import passwords_in

SECRETS = ("IMAP_PASSWORD", "SMTP_PASSWORD", "DATABASE_URL", "ALERT_SMTP_PASSWORD", "OAUTH_CLIENT_SECRET")
LONGEST_LOCAL_PART = 64
TOKEN_LETTERS = 26
DATABASE_FILE = "peygir.sqlite3"
DATABASE_URL = "DATABASE_URL"
NEEDED = ("IMAP_HOST", "IMAP_USER", "SMTP_HOST", "COMPLAINTS_ADDRESS")
"""What every mailbox must have said."""
INSTEAD = {"IMAP_HOST": "MAILDIR", "IMAP_USER": "MAILDIR", "SMTP_HOST": "SENDMAIL"}
"""What makes one of them needless."""


def missing_in(values: Mapping[str, str]) -> tuple[str, ...]:
    """What is needed and not there."""
    return tuple(name for name in NEEDED if not values.get(name) and not values.get(INSTEAD.get(name, "")))


class Settings(AccessSettings):
    """Everything that an operator can set. Field descriptions become the comments of .env.example."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    MAILBOXES: Annotated[str, AfterValidator(checks.mailbox_names)] = Field(
        "",
        description="Names of further mailboxes, such as returns,billing. Each one's settings are these with "
        "its name before them (RETURNS_COMPLAINTS_ADDRESS=…); what it does not say for itself is said here.",
    )
    COMPLAINTS_ADDRESS: Annotated[str, AfterValidator(checks.address)] = Field(
        description="The one address that customers write to."
    )
    ALIASES: Annotated[str, AfterValidator(checks.aliases)] = Field(
        "",
        description="Further addresses that deliver into the same mailbox, such as "
        "help@example.com,info@example.com.",
    )
    ANSWER_FROM_ALIAS: bool = Field(
        False,
        description="Letters to a customer come from the one of these that the customer wrote to. The mail "
        "server must let Peygir send from it.",
    )
    LANGUAGE: Annotated[str, AfterValidator(checks.language)] = Field(
        "",
        description="The language of letters to customers of whom none is known, such as fa. Empty: what "
        "their mail's letters look most like.",
    )
    TEAM: str = Field(
        "",
        description="The team (rules/agents.yaml) whose agents get new cases. Empty: as routing.yaml says.",
    )
    FROM_NAME: str = Field("Customer care", min_length=1, description="The name that letters come from.")
    REPLY_ADDRESS_FORM: Annotated[str, AfterValidator(checks.reply_form)] = Field(
        "{local}+{token}@{domain}",
        validate_default=True,
        description="How reply addresses are made; use another sign than + where the host loses it.",
    )
    DATABASE_URL: Annotated[str, AfterValidator(checks.database_url)] = Field(
        "sqlite:///peygir.sqlite3", repr=False
    )
    STATE_DIR: str = Field(
        "", description="The folder of the database file where DATABASE_URL is not set. Empty: this one."
    )
    RULES_DIR: Path = Field(Path("rules"), description="The folders that admins edit.")
    TEMPLATES_DIR: Path = Path("templates")
    CACHE_DIR: str = Field(
        "~/.cache/peygir",
        description="Where rules and letters that were found right are kept compiled, for a quick start. "
        "A folder that others may write to is not used. Empty: nowhere.",
    )
    TRUSTED_AUTHSERV_ID: str = Field(
        "",
        description="The name your own mail server writes at the start of Authentication-Results. "
        "Agents' commands are obeyed only when it says that their mail is genuine. Set this or the next.",
    )
    TOKEN_ONLY_COMMANDS: bool = Field(
        False,
        description="Obey an agent's command by its reply address alone, for a mail server that "
        "writes no Authentication-Results.",
    )
    TOKEN_DAYS: int = Field(7, ge=1, le=90, description="How long an agent's reply address is good for.")
    UNDO_MINUTES: float = Field(
        5, ge=0, le=60, description="How long an approved answer is held back, so that it can be taken back."
    )
    REQUEST_DAYS: int = Field(7, ge=1, le=90, description="How long a request waits for an approver's yes.")
    CHALLENGE_MINUTES: int = Field(
        60, ge=5, le=1440, description="How long an agent has to confirm commands that came without proof."
    )
    CHECK_IN_DAYS: int = Field(60, ge=1, le=730, description="How long a customer can answer a check-in.")
    ATTACH_LIMIT_MB: int = Field(
        10, ge=0, le=100, description="Of the customer's files, how much goes along with a mail to an agent."
    )
    CLAMAV_REMOTE: bool = Field(False, description="Let CLAMAV be on another machine.")
    CLAMAV: Annotated[str, AfterValidator(checks.scanner)] = Field(
        "",
        description="Where ClamAV's daemon listens, to scan what customers send before agents get it: "
        "unix:/run/clamav/clamd.ctl or 127.0.0.1:3310. Empty: nothing is scanned.",
    )
    CLAMAV_SECONDS: float = Field(30, gt=0, le=600, description="How long it may take to scan one file.")
    CLAMAV_AWAY: Literal["hold", "send"] = Field(
        "hold",
        description="While it can't be asked: hold files back until it is there again, or send them with a "
        "note. Mails never wait for it.",
    )
    POLL_SECONDS: float = Field(60, gt=0, le=3600, description="How often to look for mail besides IDLE.")
    RETRY_SECONDS: float = Field(300, gt=0, le=3600, description="The first wait after a failed attempt.")
    SENDERS: int = Field(2, ge=1, le=16, description="How many connections send at the same time.")
    READ_APART: bool = Field(
        True,
        description="Read mails in a process of its own: faster, and what a mail breaks there harms "
        "no other.",
    )
    MAIL_LIMIT_MB: int = Field(25, ge=1, le=200, description="Of a larger mail only the start is read.")
    HEADER_LIMIT_KB: int = Field(
        256,
        ge=16,
        le=4096,
        description="How much is read of a mail's header. What was cut is said on the case.",
    )
    FIELD_LIMIT_KB: int = Field(
        2, ge=1, le=64, description="Of one address field (To and Cc may be longer) or subject, as it came."
    )
    DEPTH_LIMIT: int = Field(20, ge=3, le=40, description="How deep parts may stand in parts.")
    PARTS_LIMIT: int = Field(200, ge=10, le=2000, description="How many parts of a mail are read.")
    TEXT_LIMIT_KB: int = Field(
        200, ge=10, le=400, description="How much is kept of a mail's text, in thousands of characters."
    )
    ACKS_PER_HOUR: int = Field(3, ge=1, description="Acknowledgements to one address.")
    ACKS_PER_DAY: int = Field(6, ge=1)
    ACKS_IN_ALL_PER_HOUR: int = Field(300, ge=1, description="Past this they wait, and admins are told.")
    ALERTS_PER_HOUR: int = Field(5, ge=1, description="Alerts about refused commands to one agent.")
    MAILS_PER_HOUR: int = Field(
        20,
        ge=1,
        description="From one sender. Of more, agents are not mailed: the cases wait in the queue, and "
        "admins are told once a day.",
    )
    SAME_MAIL_MINUTES: int = Field(
        30, ge=0, le=1440, description="The same words again within so many minutes open no second case."
    )
    LEARNING: bool = Field(
        True,
        description="Learn from agents' corrections, and suggest a category where the rules are unsure. "
        "Nothing leaves this machine.",
    )
    LEARN_PRECISION: float = Field(
        0.95,
        ge=0.5,
        lt=1,
        description="How much of what it suggests must have been right on corrections that were held back. "
        "With less it suggests more, and is wrong more often.",
    )
    LEARN_MINUTES: float = Field(
        60, gt=0, le=10080, description="Learn anew at most once in so many minutes."
    )
    ALERT_ADDRESS: Annotated[str, AfterValidator(checks.address_or_none)] = Field(
        "",
        description="Where alerts go besides the admins, by the server that the next lines name: an address "
        "and a server that still work when the usual ones do not.",
    )
    ALERT_SMTP_HOST: Annotated[str, AfterValidator(checks.with_alerts)] = Field("", validate_default=True)
    ALERT_SMTP_PORT: int = Field(587, ge=1, le=65535)
    ALERT_SMTP_USER: str = ""
    ALERT_SMTP_PASSWORD: str = Field("", repr=False)
    ALERT_SMTP_TLS: Tls = "starttls"
    METRICS_PORT: int = Field(
        0,
        ge=0,
        le=65535,
        description="Where Prometheus asks for metrics, and probes for /healthz. 0: nowhere.",
    )
    METRICS_OPEN: bool = Field(
        False, description="Let other machines ask too; nothing is encrypted there and no password is asked."
    )
    METRICS_HOST: Annotated[str, AfterValidator(checks.metrics_host)] = "127.0.0.1"
    LOG_LEVEL: Literal["debug", "info", "warning", "error"] = "info"
    LOG_FORMAT: Literal["auto", "text", "json"] = Field("auto", description="auto: text on a terminal.")

    @field_validator("REPLY_ADDRESS_FORM")
    @classmethod
    def _leaves_room(cls, form: str, given: ValidationInfo) -> str:
        """A reply address with its token must still be an address: without it no letter can be written."""
        local = form.partition("@")[0].replace("{token}", "x" * TOKEN_LETTERS)
        local = local.replace("{local}", given.data.get("COMPLAINTS_ADDRESS", "").partition("@")[0])
        if len(local) > LONGEST_LOCAL_PART:
            raise ValueError(
                f"with its token a reply address has {len(local)} letters before the @, and "
                f"{LONGEST_LOCAL_PART} are allowed; use a shorter COMPLAINTS_ADDRESS"
            )
        return form

    _name: str = PrivateAttr("")
    _further: tuple[Settings, ...] = PrivateAttr(())

    @model_validator(mode="after")
    def _reads_and_sends(self) -> Self:
        if missing := missing_in({name: str(getattr(self, name)) for name in (*NEEDED, *INSTEAD.values())}):
            raise ValueError(f"{' and '.join(missing)} can't be empty")
        return self

    def named(self, name: str) -> Settings:
        """The same, as those of a further mailbox."""
        made = self.model_copy()
        made._name = name
        return made

    def beside(self, further: Sequence[Settings]) -> Settings:
        """The same, with those of the further mailboxes."""
        made = self.model_copy()
        made._further = tuple(further)
        return made

    @property
    def name(self) -> str:
        """The name of the mailbox that these are for; "" for the main one."""
        return self._name

    @property
    def mailboxes(self) -> tuple[Settings, ...]:
        """Whole settings for each mailbox, the main one first."""
        return (self, *self._further)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address that delivers into the mailbox, its own first."""
        return (self.COMPLAINTS_ADDRESS, *checks.listed(self.ALIASES))

    @property
    def own_names(self) -> tuple[str, ...]:
        """What no person of the firm may write from: the addresses of all mailboxes and their login names."""
        found = (name for one in self.mailboxes for name in (*one.addresses, one.IMAP_USER))
        return tuple(dict.fromkeys(name for name in found if name))

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be said: the secrets of all mailboxes, and the password within DATABASE_URL."""
        names = [name for name in SECRETS if name != DATABASE_URL]
        found = [str(getattr(one, name)) for one in self.mailboxes for name in names]
        found += passwords_in(self.DATABASE_URL)
        return tuple(dict.fromkeys(filter(None, found)))

    @property
    def domain(self) -> str:
        """The domain of the complaints address."""
        return self.COMPLAINTS_ADDRESS.rpartition("@")[2]
