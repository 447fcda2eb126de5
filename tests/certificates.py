"""Certificates as they should be and as they are: expired, for another name, signed by nobody."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

Pair = tuple[Path, Path]
NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1"


class Authority:
    """A certificate authority of a test's own."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("openssl") is None:
            pytest.skip("openssl is not installed: apt install openssl")
        self._folder = folder
        self.file, self._key = folder / "ca.pem", folder / "ca.key"
        made = ["-keyout", str(self._key), "-out", str(self.file), "-subj", "/CN=Own authority"]
        _openssl("req", "-x509", *_KEY, "-days", "30", *made, "-addext", "basicConstraints=critical,CA:TRUE")

    def certificate(self, name: str, *, names: str = NAMES, days: int = 30) -> Pair:
        """A certificate and its key; with fewer days than none it has expired."""
        request, cert, key = (self._folder / f"{name}.{end}" for end in ("csr", "pem", "key"))
        _openssl("req", *_KEY, "-keyout", str(key), "-out", str(request), "-subj", f"/CN={name}")
        extensions = self._folder / f"{name}.ext"
        extensions.write_text(f"{names}\n")
        signing = ["-CA", str(self.file), "-CAkey", str(self._key), "-CAcreateserial"]
        files = ["-in", str(request), "-out", str(cert), "-extfile", str(extensions)]
        _openssl("x509", "-req", *files, *signing, "-days", str(days))
        return cert, key

    def self_signed(self) -> Pair:
        """One that vouches for itself."""
        cert, key = self._folder / "self.pem", self._folder / "self.key"
        files = ["-keyout", str(key), "-out", str(cert), "-subj", "/CN=localhost", "-addext", NAMES]
        _openssl("req", "-x509", *_KEY, "-days", "30", *files)
        return cert, key


_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


def server_context(pair: Pair) -> ssl.SSLContext:
    """What a server shows."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*pair)
    return made


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
