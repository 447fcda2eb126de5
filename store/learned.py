"""What was learned from corrections: models, whose turn it is to make one, and how they are forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, inspect, select, update
from sqlmodel import Session

from store.packing import packed, unpacked
from store.statements import Insert, Statement, upsert
from store.writing import TABLES

KEEPS = 3
"""Models that are kept; the newest one speaks."""
TRAINING, FAILED, FORGOTTEN = "training", "training failed", "unlearned"
"""Counters: the minute in which training last began, that in which it failed (0: it did not), and how often
something was forgotten."""

_CASE, _CORRECTION = TABLES["case"], TABLES["correction"]
_COUNTER, _MODEL = TABLES["counter"], TABLES["learned_model"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What has been learned, and what there is to learn from."""

    id: int | None
    """The newest model's; None while there is none."""
    version: str
    made_at: datetime | None
    rules_version: str
    corrections_then: int
    cases_then: int
    figures: Sequence[Mapping[str, Any]]
    corrections: int
    """Now."""
    fresh: int
    """Those since the newest model was made."""
    cases: int
    training_began: int
    """The minute in which training last began; 0 when it never did, or is wanted at once."""
    failed: bool
    """The last training failed."""


_NEW = Insert(_MODEL)
_NEWEST = select(func.max(_MODEL.c.id)).scalar_subquery()
_NEWEST_ID = Statement(select(func.max(_MODEL.c.id)))
_DATA = Statement(select(_MODEL.c.data).where(_MODEL.c.id == bindparam("id")))
_DROP_OLD = Statement(
    delete(_MODEL).where(_MODEL.c.id.not_in(select(_MODEL.c.id).order_by(_MODEL.c.id.desc()).limit(KEEPS)))
)
_STANDS = Statement(
    select(
        _MODEL.c.id,
        _MODEL.c.version,
        _MODEL.c.made_at,
        _MODEL.c.rules_version,
        _MODEL.c.corrections,
        _MODEL.c.cases,
        _MODEL.c.figures,
    ).where(_MODEL.c.id == _NEWEST)
)
_HOW_MANY = Statement(select(func.count()).select_from(_CORRECTION))
_HOW_MANY_SINCE = Statement(
    select(func.count()).select_from(_CORRECTION).where(_CORRECTION.c.at > bindparam("since"))
)
_CASES_IN_ALL = Statement(
    select(
        select(func.max(_CASE.c.number)).where(_CASE.c.number > 0).scalar_subquery()
        - select(func.min(_CASE.c.number)).where(_CASE.c.number > 0).scalar_subquery()
        + 1
    )
)


def can_be_kept(session: Session) -> bool:
    """Whether the database has a place for models; one that an older version made has none yet."""
    return inspect(session.connection()).has_table(_MODEL.name)


def newest_id(session: Session) -> int | None:
    """The id of the model that speaks; None while there is none."""
    found: int | None = _NEWEST_ID.scalar(session)
    return found


def data(session: Session, model_id: int) -> bytes | None:
    """A model's bytes; None where it is no longer kept."""
    stored = _DATA.scalar(session, id=model_id)
    return None if stored is None else unpacked(stored)


def keep(session: Session, values: Mapping[str, Any], model: bytes) -> None:
    """Keep a new model, which speaks from now on, and drop the oldest."""
    _NEW.add(session, {**values, "data": packed(model)})
    _DROP_OLD.run(session)


def standing(session: Session) -> Standing:
    """What has been learned, and what there is to learn from now."""
    stands = _STANDS.first(session) or (None, "", None, "", 0, 0, ())
    names = ("id", "version", "made_at", "rules_version", "corrections_then", "cases_then", "figures")
    newest: dict[str, Any] = dict(zip(names, stands, strict=True))
    everything = int(_HOW_MANY.scalar(session))
    since = newest["made_at"]
    return Standing(
        **newest,
        corrections=everything,
        fresh=int(_HOW_MANY_SINCE.scalar(session, since=since)) if since else everything,
        cases=int(_CASES_IN_ALL.scalar(session) or 0),
        training_began=_count(session, TRAINING),
        failed=_count(session, FAILED) > 0,
    )


# -- taking turns, and forgetting

_COUNT = Statement(select(_COUNTER.c.value).where(_COUNTER.c.name == bindparam("name")))
_BEGIN = Statement(
    lambda dialect: upsert(_COUNTER, dialect).values(name=bindparam("name"), value=0).on_conflict_do_nothing()
)
_CLAIM = Statement(
    update(_COUNTER)
    .where(_COUNTER.c.name == TRAINING, _COUNTER.c.value <= bindparam("before"))
    .values(value=bindparam("minute"))
)
_SET = Statement(update(_COUNTER).where(_COUNTER.c.name == bindparam("called")).values(value=bindparam("to")))
_ONE_MORE = Statement(update(_COUNTER).where(_COUNTER.c.name == FORGOTTEN).values(value=_COUNTER.c.value + 1))
_FORGET_CASE = Statement(delete(_CORRECTION).where(_CORRECTION.c.case_number == bindparam("number")))
_FORGET_MAIL = Statement(delete(_CORRECTION).where(_CORRECTION.c.mail_id == bindparam("mail")))
_FORGET_KEY = Statement(delete(_CORRECTION).where(_CORRECTION.c.key == bindparam("called")))
_FORGET_MODELS = Statement(delete(_MODEL))


def claim(session: Session, now: datetime, every_minutes: float) -> bool:
    """Take the turn to train; False where any worker has taken it in the last so many minutes."""
    at = minute(now)
    _BEGIN.run(session, name=TRAINING)
    return bool(_CLAIM.run(session, minute=at, before=at - int(every_minutes)))


def ended(session: Session, now: datetime, *, failed: bool) -> None:
    """Write down how training ended, for `status` and `check`."""
    _set(session, FAILED, minute(now) if failed else 0)


def forgotten(session: Session) -> int:
    """How often something was forgotten: what was gathered before that may not be learned from."""
    return _count(session, FORGOTTEN)


def forget(
    session: Session, *, cases: Iterable[int] = (), mails: Iterable[int] = (), keys: Iterable[str] = ()
) -> None:
    """Forget what was learned from these cases, mails or corrections, in the transaction that erases them.

    Every model goes, since each may have learned from them, and a new one is wanted at once: it is made from
    what is left within seconds of the commit. One that is being made meanwhile is thrown away.
    """
    _FORGET_CASE.each(session, [{"number": number} for number in cases])
    _FORGET_MAIL.each(session, [{"mail": mail} for mail in mails])
    _FORGET_KEY.each(session, [{"called": key} for key in keys])
    _FORGET_MODELS.run(session)
    _BEGIN.run(session, name=FORGOTTEN)
    _ONE_MORE.run(session)
    _set(session, TRAINING, 0)


def _count(session: Session, name: str) -> int:
    return int(_COUNT.scalar(session, name=name) or 0)


def _set(session: Session, name: str, value: int) -> None:
    _BEGIN.run(session, name=name)
    _SET.run(session, called=name, to=value)


def minute(now: datetime) -> int:
    """The minute that it is, counted from 1970 on."""
    return int(now.timestamp()) // 60
