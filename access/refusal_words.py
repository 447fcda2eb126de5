"""What each refusal of a provider means, and what to do about it."""

from __future__ import annotations

CONSENT = "run {command}, and consent again"
SETTINGS = "check OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET and OAUTH_TENANT"
WORDS: tuple[tuple[str, str, str], ...] = (
    # OAuth's own error, Microsoft's number, or a piece of what is said; what is wrong; what to do.
    ("AADSTS700082", "the consent has expired, as it was not used for a long time", CONSENT),
    (
        "AADSTS70043",
        "your organisation lets a consent expire after a fixed time (sign-in frequency)",
        CONSENT,
    ),
    ("AADSTS50173", "the consent was revoked, as it is when a password changes", CONSENT),
    ("AADSTS70008", "the consent or the code has expired", CONSENT),
    ("AADSTS54005", "the code was used already", CONSENT),
    ("AADSTS50076", "your organisation asks for a second factor", CONSENT),
    ("AADSTS50079", "your organisation asks for a second factor", CONSENT),
    ("AADSTS50158", "your organisation asks for a further check of who consents", CONSENT),
    (
        "AADSTS53003",
        "a Conditional Access rule of your organisation blocks it",
        "let its admin exempt this application",
    ),
    ("AADSTS530003", "your organisation asks for a managed device", "let its admin exempt this application"),
    ("AADSTS50005", "your organisation blocks this kind of device", "let its admin exempt this application"),
    ("AADSTS50057", "the account is disabled", "let the admin of your organisation enable it"),
    ("AADSTS50034", "there is no such account in this tenant", "check the account and OAUTH_TENANT"),
    ("AADSTS50105", "the account is not assigned to the application", "let an admin assign it in Entra ID"),
    ("AADSTS50020", "the account belongs to another tenant", "check the account and OAUTH_TENANT"),
    (
        "AADSTS65001",
        "nobody has consented to the application's permissions yet",
        "let an admin grant consent in Entra ID (API permissions), or {consent}",
    ),
    ("AADSTS65004", "the person declined", CONSENT),
    ("AADSTS90094", "only an admin may consent", "let an admin grant consent in Entra ID (API permissions)"),
    (
        "AADSTS7000222",
        "the client secret has expired",
        "make a new one in Entra ID (Certificates & secrets), set OAUTH_CLIENT_SECRET, and restart",
    ),
    (
        "AADSTS7000215",
        "the client secret is wrong",
        "set OAUTH_CLIENT_SECRET to the secret's Value, not its Secret ID, and restart",
    ),
    (
        "AADSTS7000218",
        "the application is not allowed to do without a secret",
        "in Entra ID, Authentication: set Allow public client flows to Yes; or set OAUTH_CLIENT_SECRET",
    ),
    (
        "AADSTS700025",
        "the application is a public one, which takes no secret",
        "leave OAUTH_CLIENT_SECRET empty, and restart",
    ),
    ("AADSTS7000112", "the application is disabled", "let an admin enable it in Entra ID"),
    (
        "AADSTS700016",
        "there is no application of this id in this tenant",
        "check OAUTH_CLIENT_ID and OAUTH_TENANT",
    ),
    ("AADSTS90002", "there is no such tenant", "check OAUTH_TENANT"),
    ("AADSTS900023", "there is no such tenant", "check OAUTH_TENANT"),
    ("AADSTS50059", "it is not said whose tenant is meant", "set OAUTH_TENANT"),
    ("AADSTS50194", "the application is for one tenant only", "set OAUTH_TENANT to the id of your tenant"),
    ("AADSTS500011", "the tenant has no Exchange Online, or the scope names none", "check OAUTH_SCOPE"),
    ("AADSTS70011", "the scope is not one that it knows", "check OAUTH_SCOPE"),
    ("AADSTS28000", "scopes of several services can't be asked for together", "check OAUTH_SCOPE"),
    (
        "invalid_rapt",
        "your organisation asks people to sign in again after a time",
        "let its Google admin exempt this application (Google Cloud session control), then {consent}",
    ),
    (
        "admin_policy_enforced",
        "your organisation's policy forbids this application",
        "let its Google admin trust it (Security, API controls)",
    ),
    (
        "org_internal",
        "the application is for members of its own organisation only",
        "consent as one of them, or make the application external",
    ),
    ("deleted_client", "the application was deleted", "make it again, and set OAUTH_CLIENT_ID"),
    ("disabled_client", "the application was disabled", "look at the provider's console"),
    (
        "invalid_grant",
        "the consent is used up: it has expired, was revoked, or the password was changed",
        CONSENT,
    ),
    ("invalid_client", "it does not know the application, or its secret is wrong", SETTINGS),
    ("unauthorized_client", "the application may not ask in this way", SETTINGS),
    (
        "unsupported_grant_type",
        "it does not support this way (OAUTH_GRANT)",
        "check OAUTH_GRANT and OAUTH_TOKEN_URL",
    ),
    (
        "invalid_scope",
        "it does not give what is asked for",
        "check OAUTH_SCOPE, and the application's permissions",
    ),
    ("interaction_required", "a person must consent again", CONSENT),
    ("login_required", "a person must sign in again", CONSENT),
    ("consent_required", "nobody has consented to the application's permissions yet", CONSENT),
    ("access_denied", "the person, or a policy, said no", CONSENT),
    ("authorization_declined", "the person said no", CONSENT),
    ("expired_token", "the code has expired", CONSENT),
    ("invalid_request", "it does not understand the question", SETTINGS),
)
