"""Settings: the environment, then `.env`, into one frozen object, or every problem at once."""

from settings.access import Tls
from settings.checks import MAIN
from settings.example import example
from settings.model import Settings
from settings.reading import WrongSettings, load, one, some

__all__ = ["MAIN", "Settings", "Tls", "WrongSettings", "example", "load", "one", "some"]
