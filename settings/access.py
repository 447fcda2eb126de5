"""Settings for getting in: where mail is read and sent, by which login, under which protection."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Literal

from pydantic import BaseModel, Field, ValidationInfo, field_validator

Tls = Literal["tls", "starttls", "none"]
Auth = Literal["password", "oauth"]
_WANTED = {
    "OAUTH_PROVIDER": "a login by oauth needs it; write google, microsoft or own",
    "OAUTH_CLIENT_ID": "a login by oauth needs the id that your provider gave the application",
    "OAUTH_TOKEN_URL": "your own provider needs it: the address at which it gives tokens",
}


class AccessSettings(BaseModel):
    """The first part of the settings."""

    IMAP_HOST: str = Field("", description="The mail server to read from.")
    IMAP_PORT: int = Field(993, ge=1, le=65535)
    IMAP_USER: str = Field("", description="The login name of the mailbox; often its address.")
    IMAP_PASSWORD: str = Field("", repr=False)
    IMAP_AUTH: Auth = Field(
        "password",
        description="password, or oauth where the provider takes no passwords (Gmail, Microsoft 365).",
    )
    ALLOW_UNENCRYPTED: bool = Field(
        False,
        description="Let IMAP_TLS=none and SMTP_TLS=none go to another machine too, where everybody between "
        "can read passwords and mail: only for a network that you trust whole.",
    )
    IMAP_TLS: Tls = Field(
        "tls", description="tls, starttls or none (none only on this machine; see ALLOW_UNENCRYPTED)."
    )
    IMAP_FOLDER: str = Field("INBOX", min_length=1)
    IMAP_FILED_FOLDER: str = Field(
        "Peygir",
        description="Where read mail is moved. Empty: it stays where it is and is marked as read.",
    )
    MAILDIR: str = Field(
        "", description="A Maildir on this machine to read instead, such as /var/mail/complaints/Maildir."
    )
    SMTP_HOST: str = Field(
        "", description="The mail server to send through; for LMTP also a socket, such as /run/dovecot/lmtp."
    )
    SMTP_PORT: int = Field(587, ge=1, le=65535)
    SMTP_USER: str = Field("", description="Empty: no login.")
    SMTP_PASSWORD: str = Field("", repr=False)
    SMTP_AUTH: Auth = Field(
        "password", description="password or oauth. With oauth an empty SMTP_USER is the IMAP_USER."
    )
    SMTP_TLS: Tls = "starttls"
    SMTP_PROTOCOL: Literal["smtp", "lmtp"] = "smtp"
    SENDMAIL: str = Field(
        "", description="A program on this machine to send with instead, such as /usr/sbin/sendmail."
    )
    SENT_FOLDER: str = Field(
        "",
        description="The mailbox's folder for copies of what customers were sent, such as Sent. Empty: none. "
        "Leave it empty with Gmail, which makes a copy by itself.",
    )
    TLS_CA_FILE: str = Field("", description="A certificate authority of your own (a PEM file).")
    OAUTH_PROVIDER: Literal["", "google", "microsoft", "own"] = Field(
        "",
        validate_default=True,
        description="Who gives access tokens: google, microsoft, or own with the addresses below.",
    )
    OAUTH_CLIENT_ID: str = Field(
        "", validate_default=True, description="The id that the provider gave the application you made there."
    )
    OAUTH_CLIENT_SECRET: str = Field("", repr=False)
    OAUTH_TENANT: str = Field("", description="Microsoft: the id or a domain of your organisation.")
    OAUTH_GRANT: Literal["refresh", "client"] = Field(
        "refresh",
        description="refresh: a person consents once by worker.py auth. client: the application logs in by "
        "itself, which an admin allows (Microsoft).",
    )
    OAUTH_TOKEN_FILE: str = Field(
        "",
        description="Where the consent is kept, written anew when the provider changes it. Empty: "
        "oauth-IMAP_USER.json in STATE_DIR.",
    )
    OAUTH_SCOPE: str = Field("", description="What is asked for. Empty: what the provider's mail needs.")
    OAUTH_TOKEN_URL: str = Field(
        "", validate_default=True, description="The provider's addresses, where they are not the usual ones."
    )
    OAUTH_DEVICE_URL: str = ""
    OAUTH_AUTH_URL: str = ""

    @field_validator("IMAP_TLS", "SMTP_TLS", "ALERT_SMTP_TLS", check_fields=False)
    @classmethod
    def _is_encrypted(cls, way: str, given: ValidationInfo) -> str:
        """Nothing goes over a network for everybody to read, unless somebody wants that."""
        line = str(given.field_name).removesuffix("_TLS")
        host = given.data.get(f"{line}_HOST", "")
        if way != "none" or _stays_here(host):
            return way
        if given.data.get(f"{line}_AUTH") == "oauth":
            raise ValueError("an access token is never sent without TLS; write tls or starttls")
        if not given.data.get("ALLOW_UNENCRYPTED"):
            raise ValueError(
                f"everybody between here and {host} could read passwords and mail; write tls or starttls, or "
                "set ALLOW_UNENCRYPTED=true if you trust that network whole"
            )
        return way

    @field_validator("OAUTH_PROVIDER", "OAUTH_CLIENT_ID", "OAUTH_TOKEN_URL")
    @classmethod
    def _is_there_for_oauth(cls, value: str, given: ValidationInfo) -> str:
        """A login by OAuth has everything that it needs."""
        if value or "oauth" not in (given.data.get("IMAP_AUTH"), given.data.get("SMTP_AUTH")):
            return value
        if given.field_name == "OAUTH_TOKEN_URL" and given.data.get("OAUTH_PROVIDER") != "own":
            return value
        raise ValueError(_WANTED[str(given.field_name)])

    @field_validator("OAUTH_GRANT")
    @classmethod
    def _can_be_by_itself(cls, grant: str, given: ValidationInfo) -> str:
        """An application that logs in by itself has what that needs."""
        by_oauth = "oauth" in (given.data.get("IMAP_AUTH"), given.data.get("SMTP_AUTH"))
        if grant != "client" or not by_oauth:
            return grant
        if given.data.get("OAUTH_PROVIDER") == "google":
            raise ValueError(
                "Google lets no application read mail by itself; leave it out, and run worker.py auth"
            )
        if not given.data.get("OAUTH_CLIENT_SECRET"):
            raise ValueError("it needs OAUTH_CLIENT_SECRET, the secret of the application")
        if given.data.get("OAUTH_PROVIDER") == "microsoft" and not given.data.get("OAUTH_TENANT"):
            raise ValueError("it needs OAUTH_TENANT, the id or a domain of your organisation")
        return grant

    @property
    def by_oauth(self) -> bool:
        """Whether the mailbox or its way out logs in by OAuth."""
        return "oauth" in (self.IMAP_AUTH, self.SMTP_AUTH)

    @property
    def smtp_login(self) -> str:
        """The login name of the way out; "" for none."""
        return self.SMTP_USER or (self.IMAP_USER if self.SMTP_AUTH == "oauth" else "")


def _stays_here(host: str) -> bool:
    """Whether it is this machine: no name, a socket, or an address that never leaves it."""
    if not host or host.startswith("/") or host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
