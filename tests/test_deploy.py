"""What deploy/ promises: no root, nothing writable but our own folders, secrets as files, one lock file."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from settings.model import SECRETS, Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
SERVICES = ("peygir.service", "peygir-backup.service")


def unit(name: str) -> dict[str, dict[str, list[str]]]:
    """The lines of a unit, by section and key; a key may stand more than once."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    section = ""
    for line in (UNITS / name).read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found[section][key].append(value)
    return found


HARDENED = {
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "PrivateUsers": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectKernelModules": "yes",
    "ProtectControlGroups": "yes",
    "ProtectProc": "invisible",
    "MemoryDenyWriteExecute": "yes",
    "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6",
    "RestrictNamespaces": "yes",
    "RestrictSUIDSGID": "yes",
    "SystemCallArchitectures": "native",
    "UMask": "0077",
    "User": "peygir",
    "StateDirectoryMode": "0700",
    "CacheDirectoryMode": "0700",
}


@pytest.mark.parametrize("name", SERVICES)
def test_the_services_may_do_little(name: str) -> None:
    service = unit(name)["Service"]
    assert {key: service[key] for key in HARDENED} == {key: [value] for key, value in HARDENED.items()}
    assert service["SystemCallFilter"] == ["@system-service", "~@privileged @resources"]
    assert "StateDirectory" in service
    assert not service["ReadWritePaths"], "nothing else is writable"


def test_the_worker_tells_systemd_that_it_lives_and_gets_time_to_end() -> None:
    service = unit("peygir.service")["Service"]
    assert (service["Type"], service["NotifyAccess"]) == (["notify"], ["main"])
    assert service["Restart"] == ["always"]
    assert int(service["WatchdogSec"][0]) >= 60
    assert int(service["TimeoutStopSec"][0]) > 10, "it ends within ten seconds"


def test_secrets_are_handed_over_as_credentials_called_like_their_settings() -> None:
    text = (UNITS / "peygir.service").read_text("utf-8")
    named = set(re.findall(r"^(?:# )?LoadCredential=(\w+):", text, re.MULTILINE))
    assert named == set(SECRETS)
    assert not re.search(r"PASSWORD=\S", text), "no secret stands in the unit"


def test_the_units_set_only_settings_that_there_are() -> None:
    for name in SERVICES:
        (line,) = unit(name)["Service"]["Environment"]
        names = {one.partition("=")[0] for one in line.split()} - {"PYTHONDONTWRITEBYTECODE"}
        assert names <= set(Settings.model_fields)


def test_a_backup_is_made_every_night() -> None:
    timer = unit("peygir-backup.timer")["Timer"]
    assert timer["Persistent"] == ["yes"]
    assert timer["OnCalendar"] == ["*-*-* 03:10:00"]
    assert " backup --force " in unit("peygir-backup.service")["Service"]["ExecStart"][0]


ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("name", SERVICES)
def test_systemd_calls_the_services_safe(name: str) -> None:
    """Of 10 (unsafe) down to 0; what is left is the network, which a mail worker needs."""
    asked = [str(ANALYZE), "security", "--offline=yes", "--threshold=15", str(UNITS / name)]
    rated = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=60)
    assert rated.returncode == 0, rated.stdout.splitlines()[-1:]


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_systemd_understands_every_line(tmp_path: Path) -> None:
    # Where the program is not installed systemd stops at that: any program stands for it.
    for path in UNITS.glob("peygir*"):
        text = path.read_text("utf-8").replace("/opt/peygir/.venv/bin/python", "/bin/true")
        (tmp_path / path.name).write_text(text, "utf-8")
    units = [str(tmp_path / name) for name in (*SERVICES, "peygir-backup.timer")]
    said = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", *units], capture_output=True, text=True, check=False, timeout=60
    )
    ours = [line for line in said.stderr.splitlines() if "peygir" in line]
    assert ours == []


def container() -> list[tuple[str, str]]:
    """The instructions of the Containerfile, each with its lines joined."""
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = lines.replace("\\\n", " ")
    return [(one.split()[0], " ".join(one.split()[1:])) for one in joined.splitlines() if one.strip()]


def test_the_image_is_built_in_two_stages_and_runs_as_nobody_special() -> None:
    steps = container()
    stages = [index for index, (step, _) in enumerate(steps) if step == "FROM"]
    assert len(stages) == 2
    last = steps[stages[1] :]
    (user,) = [what for step, what in last if step == "USER"]
    uid = int(user.partition(":")[0])
    assert uid >= 10_000
    assert f"--uid {uid} " in next(what for step, what in last if "useradd" in what)
    after = last[[step for step, _ in last].index("USER") :]
    assert not any(step in {"RUN", "COPY", "ADD"} for step, _ in after), "nothing of the image is the user's"
    assert not any("pip" in what for step, what in last if step == "RUN"), "what builds stays behind"
    assert not any(step == "ADD" for step, _ in steps)


def test_every_package_of_the_image_is_checked_against_the_lock_file() -> None:
    installs = [part for _, what in container() for part in what.split("&&") if "pip install" in part]
    assert installs
    assert all("--require-hashes" in one for one in installs)


def test_the_image_says_how_it_is_and_starts_the_worker() -> None:
    steps = dict(container())
    assert steps["HEALTHCHECK"].endswith('"/opt/peygir/worker.py", "status"]')
    assert steps["CMD"] == '["run"]'
    assert steps["STOPSIGNAL"] == "SIGTERM"
    assert not re.search(r"PASSWORD|SECRET|DATABASE_URL", " ".join(what for _, what in container()))


def test_the_image_gets_all_that_the_worker_needs_and_no_secret() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*", "what nobody thought of stays out"
    allowed = {line.removeprefix("!") for line in rules if line.startswith("!")}
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert rooms <= allowed, "make .dockerignore let the new room in"
    assert {"worker.py", "rules", "templates", "requirements.txt", "requirements-learn.txt"} <= allowed
    assert not {".env", ".git", ".venv", "deploy"} & allowed
    assert all((ROOT / one).exists() for one in allowed)


@pytest.fixture
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return loaded


def test_two_workers_share_one_postgresql(compose: dict[str, Any]) -> None:
    workers = {name: one for name, one in compose["services"].items() if name.startswith("worker-")}
    assert len(workers) == 2
    for one in workers.values():
        assert one["depends_on"] == {"database": {"condition": "service_healthy"}}
        assert (one["read_only"], one["user"], one["cap_drop"]) == (True, "10001:10001", ["ALL"])
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert one["init"] is True, "ended children are buried"
        assert all(volume.endswith(":ro") for volume in one["volumes"] if volume.startswith("./"))
    assert compose["networks"]["database"]["internal"] is True
    assert compose["services"]["database"]["networks"] == ["database"]
    assert "ports" not in compose["services"]["database"], "nobody else reaches it"


def test_every_secret_of_compose_is_a_file(compose: dict[str, Any]) -> None:
    for one in compose["services"].values():
        given = one["environment"]
        for name in given:
            if any(name.startswith(secret) for secret in (*SECRETS, "POSTGRES_PASSWORD")):
                assert name.endswith("_FILE"), name
        files = {Path(value).name for name, value in given.items() if name.endswith("_FILE")}
        assert files == set(one["secrets"])
    assert set(compose["secrets"]) == {
        name for one in compose["services"].values() for name in one["secrets"]
    }
    assert all(set(one) == {"file"} for one in compose["secrets"].values())


def test_what_compose_sets_are_settings(compose: dict[str, Any]) -> None:
    for name in compose["services"]["worker-1"]["environment"]:
        assert name.removesuffix("_FILE") in Settings.model_fields
