"""The version of this software; a test holds it equal to pyproject.toml."""

VERSION = "0.1.0"
