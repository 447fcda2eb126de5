"""Settings: the environment, then `.env`, into one frozen object, or every problem at once."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv.parser import parse_stream
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    create_model,
    field_validator,
)

IN_WORDS = {
    "bool_parsing": "write true or false",
    "int_parsing": "write a whole number",
    "float_parsing": "write a number",
}
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


def _database(value: str) -> str:
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
    DATABASE_URL: Annotated[str, AfterValidator(_database)] = Field("sqlite:///peygir.sqlite3", repr=False)
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


class WrongSettings(Exception):
    """The settings can't be used; `problems` has one line for each mistake."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load(environment: Mapping[str, str], dotenv: Path) -> Settings:
    """Settings from the environment, then from the file; raises WrongSettings with all mistakes."""
    problems: list[str] = []
    from_file = _read_dotenv(dotenv, problems)
    known = set(Settings.model_fields)
    values: dict[str, str] = {}
    problems += [
        f"{_place(name, dotenv)}: {name} is not a setting; .env.example lists them"
        for name in from_file
        if name not in known and name.removesuffix("_FILE") not in SECRETS
    ]
    for source in (from_file, environment):
        values.update({name: source[name] for name in known if name in source})
        problems += _read_secret_files(source, values)
    _place_database(values)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as wrong:
        problems += [_explain(error, environment, dotenv) for error in wrong.errors()]
        if not dotenv.is_file() and any(error["type"] == "missing" for error in wrong.errors()):
            problems.append(f"there is no {dotenv} here: cp .env.example {dotenv}, and fill it in")
    if problems:
        raise WrongSettings(problems)
    return settings


def one(name: str, environment: Mapping[str, str], dotenv: Path) -> str:
    """One setting alone, for what needs no other; raises WrongSettings."""
    values: dict[str, str] = {}
    wanted = (name, "STATE_DIR") if name == "DATABASE_URL" else (name,)
    problems: list[str] = []
    for source in (_read_dotenv(dotenv, problems), environment):
        values.update({key: source[key] for key in wanted if source.get(key)})
        problems += _read_secret_files(source, values, only=name)
    _place_database(values)
    field = Settings.model_fields[name]
    values.setdefault(name, "" if field.is_required() else str(field.default))
    if name == "DATABASE_URL" and not problems:
        try:
            _database(values[name])
        except ValueError as wrong:
            problems.append(f"{name}: {wrong}")
    if problems:
        raise WrongSettings(problems)
    return values[name]


def _place_database(values: dict[str, str]) -> None:
    """The database lies in STATE_DIR where nothing else is said of it."""
    if values.get("STATE_DIR") and not values.get("DATABASE_URL"):
        values["DATABASE_URL"] = f"sqlite:///{Path(values['STATE_DIR']).expanduser() / DATABASE_FILE}"


def some(names: Sequence[str], environment: Mapping[str, str], dotenv: Path) -> dict[str, Any]:
    """A few settings alone, for what needs no other; raises WrongSettings with all mistakes in them."""
    problems: list[str] = []
    values: dict[str, str] = {}
    for source in (_read_dotenv(dotenv, problems), environment):
        values.update({name: source[name] for name in names if name in source})
    fields: dict[str, Any] = {
        name: (field.annotation, field) for name, field in Settings.model_fields.items() if name in names
    }
    try:
        found: BaseModel = create_model("Some", **fields)(**values)
    except ValidationError as wrong:
        problems += [_explain(error, environment, dotenv) for error in wrong.errors()]
        raise WrongSettings(problems) from None
    if problems:
        raise WrongSettings(problems)
    return found.model_dump()


def _read_dotenv(dotenv: Path, problems: list[str]) -> dict[str, str]:
    """The lines of the file as they stand: nothing is expanded. Every line that is none is a problem."""
    if not dotenv.is_file():
        return {}
    try:
        text = dotenv.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        raise WrongSettings([f"{dotenv}: it can't be read as UTF-8 text: {trouble}"]) from None
    values: dict[str, str] = {}
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or (binding.key and binding.value is None):
            problems.append(f"{dotenv}:{binding.original.line}:1: this is no setting; write NAME=value")
        elif binding.key in values:
            problems.append(f"{dotenv}:{binding.original.line}:1: {binding.key} is set twice; keep one line")
        elif binding.key:
            values[binding.key] = binding.value or ""
    return values


def _read_secret_files(source: Mapping[str, str], values: dict[str, str], only: str = "") -> list[str]:
    """Each secret may stand in a file of its own, named by SECRET_FILE."""
    problems = []
    for secret in (one for one in SECRETS if only in ("", one)):
        path = source.get(f"{secret}_FILE")
        if not path:
            continue
        try:
            values[secret] = Path(path).read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as trouble:
            problems.append(f"{secret}_FILE: {path} can't be read: {trouble}")
    return problems


def _explain(error: Any, environment: Mapping[str, str], dotenv: Path) -> str:
    name = str(error["loc"][0])
    place = "environment" if name in environment else _place(name, dotenv)
    missing = error["type"] == "missing" or (error["type"] == "string_too_short" and not error["input"])
    if missing:
        return f"{place}: {name} is missing; write {name}=… ({Settings.model_fields[name].description})"
    shown = "" if name in SECRETS else f" = {error['input']!r}"
    words = error["msg"].removeprefix("Value error, ").replace("Input should be", "it must be")
    return f"{place}: {name}{shown}: {IN_WORDS.get(error['type'], words)}"


def _place(name: str, dotenv: Path) -> str:
    """File, line and column of a setting in .env; the file alone when it isn't there."""
    if dotenv.is_file():
        for count, line in enumerate(dotenv.read_text("utf-8", "replace").splitlines(), 1):
            if re.match(rf"\s*(export\s+)?{re.escape(name)}(_FILE)?\s*=", line):
                return f"{dotenv}:{count}:{line.index('=') + 2}"
    return str(dotenv)


def example() -> str:
    """The text of .env.example: every setting with its default."""
    lines = [
        "# Peygir's settings. Copy this file to .env; what is not set here or in the environment",
        "# has the default shown. A secret can stand in a file of its own: IMAP_PASSWORD_FILE=/path.",
        "",
    ]
    for name, field in Settings.model_fields.items():
        if field.description:
            lines += [f"# {part}" for part in _wrap(field.description)]
        default = "" if field.is_required() else _shown(field.default)
        lines += [f"{'' if field.is_required() else '#'}{name}={default}"]
    return "\n".join(lines) + "\n"


def _shown(default: object) -> str:
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return f'"{text}"' if " " in text else text


def _wrap(text: str, width: int = 96) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
