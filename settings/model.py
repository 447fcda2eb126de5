"""Every setting: its name, its bounds, and what is said of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

Tls = Literal["tls", "starttls", "none"]
SECRETS = ("IMAP_PASSWORD", "SMTP_PASSWORD", "DATABASE_URL")
PLAIN_ADDRESS = re.compile(r"[^@\s<>,;:()\[\]\"\\]+@[\w-]+(\.[\w-]+)*", re.ASCII)
LONGEST_LOCAL_PART = 64
TOKEN_LETTERS = 26
DATABASE_FILE = "peygir.sqlite3"
DATABASES = ("sqlite:///", "postgresql+psycopg://")


def _address(value: str) -> str:
    if not value.isascii() or not PLAIN_ADDRESS.fullmatch(value):
        raise ValueError(
            "write one plain address in ASCII, such as complaints@example.com "
            "(a domain of another script as xn--…)"
        )
    return value


def database_url(value: str) -> str:
    if not value.startswith(DATABASES):
        raise ValueError(
            "write sqlite:///peygir.sqlite3 (a file) or postgresql+psycopg://user:password@host/name"
        )
    return value


def _reply_form(value: str) -> str:
    missing = [part for part in ("{local}", "{token}", "{domain}") if value.count(part) != 1]
    if missing:
        raise ValueError(f"name {' and '.join(missing)} once, as in {{local}}+{{token}}@{{domain}}")
    if value.count("@") != 1:
        raise ValueError("write one @, as in {local}+{token}@{domain}")
    if not PLAIN_ADDRESS.fullmatch(re.sub(r"\{(local|token|domain)\}", "x", value)):
        raise ValueError("it makes no address; write it as in {local}+{token}@{domain}")
    return value


class Settings(BaseModel):
    """Everything that an operator can set. Field descriptions become the comments of .env.example."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    IMAP_HOST: str = Field(min_length=1, description="The mail server to read from.")
    IMAP_PORT: int = Field(993, ge=1, le=65535)
    IMAP_USER: str = Field(min_length=1, description="The login name of the mailbox; often its address.")
    IMAP_PASSWORD: str = Field("", repr=False)
    IMAP_TLS: Tls = Field("tls", description="tls, starttls or none (none only on this machine).")
    IMAP_FOLDER: str = Field("INBOX", min_length=1)
    IMAP_FILED_FOLDER: str = Field(
        "Peygir",
        description="Where read mail is moved. Empty: it stays where it is and is marked as read.",
    )
    SMTP_HOST: str = Field(min_length=1, description="The mail server to send through.")
    SMTP_PORT: int = Field(587, ge=1, le=65535)
    SMTP_USER: str = Field("", description="Empty: no login.")
    SMTP_PASSWORD: str = Field("", repr=False)
    SMTP_TLS: Tls = "starttls"
    TLS_CA_FILE: str = Field("", description="A certificate authority of your own (a PEM file).")
    COMPLAINTS_ADDRESS: Annotated[str, AfterValidator(_address)] = Field(
        description="The one address that customers write to."
    )
    FROM_NAME: str = Field("Customer care", min_length=1, description="The name that letters come from.")
    REPLY_ADDRESS_FORM: Annotated[str, AfterValidator(_reply_form)] = Field(
        "{local}+{token}@{domain}",
        validate_default=True,
        description="How reply addresses are made; use another sign than + where the host loses it.",
    )
    DATABASE_URL: Annotated[str, AfterValidator(database_url)] = Field("sqlite:///peygir.sqlite3", repr=False)
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

    @property
    def domain(self) -> str:
        """The domain of the complaints address."""
        return self.COMPLAINTS_ADDRESS.rpartition("@")[2]
