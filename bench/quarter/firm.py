"""The firm of the quarter: its people, its teams in three countries, and its rule files."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

import yaml

from bench.quarter.business_time import Team

ROOT = Path(__file__).parents[2]
DOMAIN = "peygir.example"
ADDRESS = f"complaints@{DOMAIN}"
PASSWORD = "a-password"
AUTHSERV_ID = f"mx.{DOMAIN}"
FIRM, TEHRAN, HAIFA = "firm", "tehran", "haifa"
FRIDAY, SATURDAY, SUNDAY, THURSDAY = 4, 5, 6, 3
PRODUCTS = ("kettle", "lamp", "toaster", "heater")
BAD_PRODUCT = "heater"
EASTER = frozenset({date(2027, 3, 26), date(2027, 3, 29)})
NOWRUZ = frozenset(date(2027, 3, day) for day in (20, 21, 22, 23, 24, 25))
"""The day before it and the day after it included, as the firm's own holiday."""
IN_IRAN = NOWRUZ | {
    *(date(2027, 2, 11), date(2027, 3, 1), date(2027, 3, 10), date(2027, 3, 11)),
    *(date(2027, 4, 1), date(2027, 4, 2), date(2027, 4, 3), date(2027, 5, 17), date(2027, 5, 25)),
    *(date(2027, 6, 4), date(2027, 6, 5), date(2027, 6, 15), date(2027, 6, 16)),
}
PASSOVER = frozenset({date(2027, 4, 21), date(2027, 4, 22), date(2027, 4, 28)})
IN_ISRAEL = PASSOVER | {date(2027, 5, 12), date(2027, 6, 11)}
NOON = time(13)


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who answers customers."""

    name: str
    team: str
    languages: tuple[str, ...]
    roles: tuple[str, ...] = ("agent",)
    by_mail: bool = False
    """Acts by replying to mails; else at the desk."""
    slow: bool = False

    @property
    def address(self) -> str:
        return f"{self.name}@{DOMAIN}"


AGENTS = (
    Agent("amy", FIRM, ("en", "ar"), by_mail=True),
    Agent("ben", FIRM, ("en", "ar")),
    Agent("cleo", FIRM, ("en", "ar"), slow=True),
    Agent("dina", FIRM, ("ar", "en"), by_mail=True),
    Agent("reza", TEHRAN, ("fa",), by_mail=True),
    Agent("sara", TEHRAN, ("fa",)),
    Agent("noa", HAIFA, ("he",)),
    Agent("uri", HAIFA, ("he",), by_mail=True),
    Agent("pat", FIRM, ("en",), roles=("approver",)),
    Agent("olga", FIRM, ("en",), roles=("owner", "admin")),
)
APPROVER, OWNER = AGENTS[-2], AGENTS[-1]
AWAY = tuple(one for one in AGENTS if one.name in ("ben", "cleo", "dina"))
"""Those who are away in the slow week."""


def teams() -> dict[str, Team]:
    """When each team works, by hand."""
    return {
        FIRM: Team(FIRM, "Europe/London", (SATURDAY, SUNDAY), holidays=EASTER),
        TEHRAN: Team(
            TEHRAN,
            "Asia/Tehran",
            (FRIDAY,),
            other_hours={THURSDAY: (time(9), NOON)},
            holidays=frozenset(IN_IRAN),
        ),
        HAIFA: Team(HAIFA, "Asia/Jerusalem", (FRIDAY, SATURDAY), holidays=frozenset(IN_ISRAEL)),
    }


CALENDAR: dict[str, Any] = {
    "time_zone": "Europe/London",
    "holidays": sorted(EASTER),
    "teams": {
        TEHRAN: {
            "time_zone": "Asia/Tehran",
            "weekend": ["friday"],
            "other_hours": {"thursday": "09:00-13:00"},
            "holidays_of": ["IR"],
            "holidays": [date(2027, 3, 25)],
        },
        HAIFA: {
            "time_zone": "Asia/Jerusalem",
            "weekend": ["friday", "saturday"],
            "holidays_of": ["IL"],
            "holidays": [date(2027, 4, 21)],
        },
    },
}
ROUTES = {"routes": [{"language": "fa", "team": TEHRAN}, {"language": "he", "team": HAIFA}]}


def write_rules(folder: Path, parcels: str, batch: str) -> Path:
    """The shipped rules with this firm's people, days, routes, products and thresholds."""
    folder.mkdir()
    for path in (ROOT / "rules").iterdir():
        if path.is_dir():
            (folder / path.name).symlink_to(path)
        else:
            shutil.copy(path, folder / path.name)
    _write(folder / "agents.yaml", {"agents": [_agent(one) for one in AGENTS]})
    _write(folder / "calendar.yaml", CALENDAR)
    _write(folder / "routing.yaml", ROUTES)
    extractors = (folder / "extractors.yaml").read_text("utf-8")
    named = "\n".join(f"      {name}: [{name}s]" for name in PRODUCTS)
    begin = extractors.index("    # names:\n    #   kettle:")
    end = extractors.index("    examples:", begin)
    (folder / "extractors.yaml").write_text(
        f"{extractors[:begin]}    names:\n{named}\n{extractors[end:]}", "utf-8"
    )
    signals = [
        _signal("parcels", "Many parcels are lost or come broken.", ["lost", "damaged"], parcels),
        _signal("bad-batch", "One product is often defective.", ["defective", "quality"], batch)
        | {"fact": {"product": "*"}, "each": True},
    ]
    shipped = yaml.safe_load((ROOT / "rules" / "signals.yaml").read_text("utf-8"))
    _write(folder / "signals.yaml", shipped | {"signals": signals})
    return folder


def _agent(one: Agent) -> dict[str, Any]:
    about: dict[str, Any] = {
        "address": one.address,
        "name": one.name.capitalize(),
        "languages": list(one.languages),
        "roles": list(one.roles),
        "authority": {"EUR": {"per_case": 500, "per_customer_year": 1000}},
    }
    return about | ({"team": one.team} if one.team != FIRM else {})


def _signal(name: str, description: str, category: Sequence[str], threshold: str) -> dict[str, Any]:
    named = {"name": name, "description": description, "category": list(category)}
    return named | {"threshold": threshold, "to": "owner"}


def _write(path: Path, data: Any) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
