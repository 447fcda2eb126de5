"""What the large mail providers mean by their refusals, and where it is changed."""

from __future__ import annotations

import re

_AT_GMAIL = "in Gmail's settings: Forwarding and POP/IMAP"
_AUTHENTICATED_SMTP = (
    "an admin switches it on in the Microsoft 365 admin center (Users, the account, Mail, Manage email apps, "
    "Authenticated SMTP)"
)
_ADVICE = (
    (
        r"SmtpClientAuthentication is disabled for the Tenant",
        "SMTP AUTH is switched off for the whole organisation: an admin switches it on in the Exchange "
        "admin center (Settings, Mail flow), or for this account alone in the Microsoft 365 admin center "
        "(Users, the account, Mail, Manage email apps, Authenticated SMTP)",
    ),
    (
        r"SmtpClientAuthentication is disabled for the Mailbox",
        f"SMTP AUTH is switched off for this account: {_AUTHENTICATED_SMTP}",
    ),
    (
        r"security defaults policy",
        "Entra ID's security defaults forbid it: an admin allows it there, or set SMTP_AUTH=oauth",
    ),
    (
        r"basic ?auth(entication)? is (disabled|blocked)|BasicAuthBlocked",
        "this provider takes no passwords any more: set IMAP_AUTH=oauth and SMTP_AUTH=oauth",
    ),
    (
        r"5\.7\.139",
        "the account or the organisation does not allow SMTP logins: "
        f"{_AUTHENTICATED_SMTP}; or its Conditional Access rules block it",
    ),
    (
        r"authenticated but not connected",
        "the login is right, but it opens no mailbox of this name: with OAUTH_GRANT=client an Exchange "
        "admin must run New-ServicePrincipal and Add-MailboxPermission (docs/start-microsoft365.md); "
        "else whoever consented must own the mailbox, and IMAP be on for it",
    ),
    (
        r"application-specific password|app(lication)? password (is )?required|InvalidSecondFactor",
        "this account takes no usual password: make an app password, or set IMAP_AUTH=oauth",
    ),
    (
        r"web ?login required|WEBALERT|log ?in via your web browser",
        "sign in once with a browser, then again",
    ),
    (
        r"not enabled for IMAP|IMAP access is disabled|IMAP4? is disabled",
        f"IMAP is switched off for this account: switch it on ({_AT_GMAIL}; at Microsoft an admin "
        "does it: Manage email apps, IMAP)",
    ),
    (
        r"too many (simultaneous )?(connections|login|auth)|exceeded .{0,20}(bandwidth|limit)",
        "the provider limits how often or how much; it is tried again more and more slowly",
    ),
    (r"unsafe login", "the provider wants to know the program: it was told, and refuses all the same"),
    (
        r"privacyrequired|encryption (is )?required|issue a STARTTLS|plaintext auth\w* (is )?disallowed",
        "it takes logins over TLS only: set …_TLS=starttls or tls",
    ),
)
_NOT_FOR_IT = (
    "the access token is not good for this mailbox: IMAP_USER (SMTP_USER) must be the account that "
    "consented, and the consent must be for mail"
)


def advice(said: str, usual: str, *, by_token: bool = False) -> str:
    """What to do about a refused login; `usual` where nothing better is known."""
    for pattern, words in _ADVICE:
        if re.search(pattern, said, re.IGNORECASE):
            return words
    return _NOT_FOR_IT if by_token else usual
