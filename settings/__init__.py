"""Settings: the environment, then `.env`, into one frozen object, or every problem at once."""

from settings.example import example
from settings.model import Settings, Tls
from settings.reading import WrongSettings, load, one, some

__all__ = ["Settings", "Tls", "WrongSettings", "example", "load", "one", "some"]
