"""The page of the quarter, as `worker.py report --json` would write it on its last evening."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from typing import Any

from bench.quarter.firm import OWNER
from bench.quarter.world import Lived
from engine.places import folder
from engine.reporting import Wish, report
from engine.rule_files import read_rules
from reports import exporting
from store.database import Database


def tables(lived: Lived) -> dict[str, Any]:
    """What it says, as it is written for programs."""
    rulebook, problems = read_rules(folder(lived.settings.RULES_DIR))
    if rulebook is None:
        raise SystemExit("\n".join(map(str, problems)))
    wish = Wish(str(lived.first), str(lived.last), "en", rulebook.agent(OWNER.address))
    now = lived.until - timedelta(seconds=1)
    with closing(Database(lived.settings.DATABASE_URL)) as database:
        made = report(database, rulebook, folder(lived.settings.TEMPLATES_DIR), wish, now)
    said: dict[str, Any] = json.loads(exporting.as_json(made.figures, made.tables))
    return said
