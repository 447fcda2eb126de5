"""Getting in: TLS, and the access tokens of OAuth 2."""
