"""Renews an access token again and again, and is killed at each step of it; run by a test.

Arguments: the endpoint's address, the token file, the client's id and its secret. Each line that it writes is
a step at which the renewal was killed, and "ok", or why no later worker could go on.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from access import token_file, tokens
from access.post import post
from access.provider import provider
from access.trouble import NoAccess

STEPS = 400
FILES = {token_file.__file__, tokens.__file__}


def main(url: str, place: str, client: str, secret: str) -> None:
    path = Path(place)
    for step in range(1, STEPS):
        if _killed_at(step, url, path, client, secret) == 0:
            return
        try:
            _tokens(url, path, client, secret).token("imap")
            said = "ok"
        except NoAccess as why:
            said = why.error
            consented = post(url.replace("/token", "/consent"), {}).told["refresh_token"]
            token_file.TokenFile(path).write(token_file.Kept(consented, "again"))
        sys.stdout.write(f"{step} {said}\n")


def _killed_at(step: int, url: str, path: Path, client: str, secret: str) -> int:
    child = os.fork()
    if child == 0:
        left = step

        def watch(frame: FrameType, event: str, _: object) -> Any:
            nonlocal left
            if frame.f_code.co_filename not in FILES:
                return None
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return watch

        renewing = _tokens(url, path, client, secret)
        sys.settrace(watch)
        renewing.token("imap")
        sys.settrace(None)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def _tokens(url: str, path: Path, client: str, secret: str) -> tokens.Tokens:
    made = provider("own", client_id=client, client_secret=secret, token_url=url)
    return tokens.Tokens(made, token_file.TokenFile(path))


if __name__ == "__main__":
    main(*sys.argv[1:])
