"""`doctor`: tries everything, and says in plain words what to mend."""

from __future__ import annotations

from pathlib import Path

from commandline.grammar import Options
from commandline.shell import Shell, as_json, say
from engine.doctor.examination import Patient, examined
from engine.doctor.finding import Finding, State, text
from settings import Settings, WrongSettings


def doctor(shell: Shell, options: Options) -> int:
    """Try each thing; exit 1 when one is wrong."""
    settings, problems = _settings(shell)
    sample = Path(options.mail) if options.mail else None
    if sample is not None:
        sample.open("rb").close()  # a wrong name is said before anything is tried
    patient = Patient(
        settings,
        tuple(problems),
        shell.environment,
        shell.dotenv,
        shell.folder("RULES_DIR"),
        shell.folder("TEMPLATES_DIR"),
        shell.now,
        sample,
        options.send or "",
    )
    findings: list[Finding] = list(examined(patient))
    bad = any(one.state is State.WRONG for one in findings)
    if options.json:
        say(as_json({"healthy": not bad, "findings": [one.as_json() for one in findings]}))
    else:
        say("\n".join(text(findings)))
    return 1 if bad else 0


def _settings(shell: Shell) -> tuple[Settings | None, list[str]]:
    try:
        return shell.settings(), []
    except WrongSettings as wrong:
        return None, wrong.problems
