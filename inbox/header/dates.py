"""A Date field → an aware datetime in UTC: RFC 5322, its obsolete forms, ISO 8601, other languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

_MONTHS_BY_LANGUAGE = (
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "jän feb märz apr mai juni juli aug sept okt nov dez",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    "ene feb mar abr mayo junio julio ago set oct nov dic",
    "gen febbr mar apr mag giu lug ago sett ott nov dic",
    "jan fev mar abr mai jun jul ago set out nov dez",
    "jan feb mrt apr mei juni juli aug sep okt nov dec",
    "янв фев мар апр мая июн июл авг сен окт ноя дек",
    "oca şub mar nis may haz tem ağu eyl eki kas ara",
    "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "led úno bře dub kvě čvn čvc srp zář říj lis pro",
    "jan febr márc ápr máj jún júl aug szept okt nov dec",
    "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
    "ינו פבר מרץ אפר מאי יונ יול אוג ספט אוק נוב דצמ",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
)
_MONTHS = {name: number for row in _MONTHS_BY_LANGUAGE for number, name in enumerate(row.split(), 1)}
_MONTHS |= {
    "maj": 5,
    "fév": 2,
    "fevr": 2,
    "aou": 8,
    "aoû": 8,
    "mär": 3,
    "mrz": 3,
    "maerz": 3,
    "ιαν": 1,
    "mei": 5,
}
_LONGEST_PREFIX = 12
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "met": 60, "mez": 60,
    "cest": 120, "mest": 120, "mesz": 120, "eet": 120, "sast": 120, "eest": 180, "idt": 180, "msk": 180,
    "trt": 180, "irst": 210, "irdt": 270, "gst": 240, "pkt": 300, "wib": 420, "hkt": 480, "sgt": 480,
    "awst": 480, "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "brt": -180,
    "art": -180, "ast": -240, "edt": -240, "est": -300, "cdt": -300, "cst": -360, "mdt": -360, "mst": -420,
    "pdt": -420, "pst": -480, "akst": -540, "hst": -600,
}  # fmt: skip
_TIME = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{1,2})(?:[.,]\d{1,9})?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\b\.?)?"
)
_MONTH = r"(?P<month>[^\W\d_]{1,12})"
_FORMS = (
    # 2 Mar 2026 09:30:00, 2-Mar-26 9:30, 2. März 2026 um 09:30
    re.compile(
        rf"(?P<day>\d{{1,2}})(?:\.|er)?[ -]{{0,3}}(?:de )?{_MONTH}\.?,?[ -]{{0,3}}(?:de )?(?P<year>\d{{2,4}})"
        rf"\D{{1,8}}{_TIME}"
    ),
    # Mar 2 09:30:00 2026 (asctime), with a zone before the year at times
    re.compile(rf"{_MONTH} {{1,2}}(?P<day>\d{{1,2}}) {_TIME} (?:[A-Z]{{2,5}} )?(?P<year>\d{{4}})"),
    # March 2, 2026 9:30 AM
    re.compile(rf"{_MONTH}\.? (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})\D{{1,8}}{_TIME}"),
    # 2026-03-02 09:30, 2026/3/2T9:30, 2026年3月2日 9:30
    re.compile(
        rf"(?P<year>\d{{4}})[-/.年] ?(?P<digits>\d{{1,2}})[-/.月] ?(?P<day>\d{{1,2}})\D{{1,6}}{_TIME}"
    ),
)
_WITH_SLASHES = re.compile(rf"(?P<one>\d{{1,2}})/(?P<other>\d{{1,2}})/(?P<year>\d{{4}}),? {{1,3}}{_TIME}")
_USUAL = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)(?!\d)",
    re.ASCII,
)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?(?!\d)")
_NAMED_ZONE = re.compile(r"[A-Za-z]{1,5}")
_LONGEST = 200
_MOST_MINUTES = 15 * 60


def read(value: str) -> datetime | None:
    """The date and time in UTC; None for what names no possible one. Without a zone it is taken as UTC."""
    text = " ".join(value[:_LONGEST].replace("\u202f", " ").replace("−", "-").split())
    if (usual := _USUAL.match(text)) and usual[8] < "16" and (moment := _usual_moment(usual)):
        return moment
    for form in _FORMS:
        if found := form.search(text):
            with suppress(ValueError, OverflowError):
                return _moment(found.groupdict(), text[found.end() :], text)
    if found := _WITH_SLASHES.search(text):
        with suppress(ValueError, OverflowError):
            return _moment(_ordered(found.groupdict()), text[found.end() :], text)
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return None


def _usual_moment(found: re.Match[str]) -> datetime | None:
    """The moment that a date in the form of RFC 5322 names; None for one that there is not."""
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    try:
        moment = datetime(int(year), _month(month), int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        ahead = timedelta(hours=int(hours), minutes=int(minutes))
        return moment - ahead if sign == "+" else moment + ahead
    except (ValueError, OverflowError):
        return None


def _ordered(parts: dict[str, str | None]) -> dict[str, str | None]:
    """3/13/2026 and 13/3/2026 with their month told; ValueError where both numbers could be one."""
    one, other = int(parts["one"] or 0), int(parts["other"] or 0)
    if one <= 12 and other <= 12 and one != other and not parts["half"]:
        raise ValueError(parts)
    # Who writes AM and PM writes the month first.
    month, day = (one, other) if one <= 12 else (other, one)
    return {**parts, "digits": str(month), "day": str(day)}


def _moment(parts: dict[str, str | None], rest: str, text: str) -> datetime:
    month = int(parts["digits"] or 0) if "digits" in parts else _month(parts["month"] or "")
    hour = int(parts["hour"] or 0)
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"] in "Pp" else 0)
    moment = datetime(
        _year(parts["year"] or ""),
        month,
        int(parts["day"] or 0),
        hour,
        int(parts["minute"] or 0),
        min(59, int(parts["second"] or 0)),
        tzinfo=timezone(timedelta(minutes=_zone((rest, text)))),
    )
    return moment.astimezone(UTC)


def _year(digits: str) -> int:
    """Years of two and three digits as RFC 5322, section 4.3, reads them."""
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _month(name: str) -> int:
    """The number of a month in any of the languages; ValueError for another word."""
    name = name.lower()
    for length in range(min(len(name), _LONGEST_PREFIX), 1, -1):
        if name[:length] in _MONTHS:
            return _MONTHS[name[:length]]
    raise ValueError(name)


def _zone(places: Iterable[str]) -> int:
    """Minutes ahead of UTC: an offset, else a named zone; nothing and the military letters count as UTC."""
    rest, text = places
    if found := _OFFSET.search(rest.partition("(")[0]) or _OFFSET.match(rest.partition("(")[2]):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        return (minutes if found[1] == "+" else -minutes) if minutes <= _MOST_MINUTES else 0
    if named := _NAMED_ZONE.search(rest):
        return _ZONES.get(named[0].lower(), 0)
    between = re.search(r"\d ([A-Z]{2,5}) \d{4}\Z", text)
    return _ZONES.get(between[1].lower(), 0) if between else 0
