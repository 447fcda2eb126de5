"""Why somebody is not let in."""

from __future__ import annotations

from language.trouble import Trouble


class NoAccess(Trouble):
    """There is no access token. The message says why and what to do."""

    def __init__(self, words: str, *, lasting: bool = True, error: str = "") -> None:
        super().__init__(words)
        self.lasting = lasting
        """Waiting won't help: somebody must do something."""
        self.error = error
        """What OAuth calls it, such as invalid_grant."""
