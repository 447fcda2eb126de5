"""Amounts of money, as people write them: "1,250.50 EUR", "€50", "۲۰۰ هزار تومان". Exact, never guessed.

An amount is a decimal number and the code of its currency (ISO 4217), or a share of the price in percent,
which is treated as a currency of its own. The words are data: `money` in the words files. What could mean two
amounts or two currencies is told as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Literal

from babel.core import get_global
from babel.numbers import format_currency, get_currency_name, get_currency_precision

from language.amount import NoAmount, TooFine, TwoAmounts, is_group, number_in
from language.dates import locale_of, number
from language.normalise import ascii_digits, normalise
from language.words import Words

LARGEST = Decimal(10) ** 12
"""No amount reaches it: a slip of the pen, and more than rule files hold exactly."""
PERCENT = "%"
"""Stands in the place of a currency's code for a share of the price: a discount of 10%."""
WHOLE = Decimal(100)
LONGEST = 3
"""Words of a currency's name."""
TOLD_APART = 3
"""Digits of a group: with a currency of so many decimals, 1.250 may be one and a quarter."""

_GLUED = re.compile(r"([^\d.,]*)(\d[\d.,'’٬٫،]*)(\D*)")
_CODE = re.compile(r"[A-Z]{3}")
_SEPARATORS = str.maketrans({",": "٬", ".": "٫"})


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in a currency, to as many decimals as the currency has."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why no amount could be read: the code of a sentence, and what stands in it."""

    code: Literal[
        "money-unclear",
        "money-currency",
        "money-two-currencies",
        "money-two-ways",
        "money-too-fine",
        "money-nothing",
        "money-too-much",
    ]
    values: Mapping[str, Any] = field(default_factory=dict)


class _Stop(Exception):
    def __init__(self, code: Any, **values: Any) -> None:
        super().__init__(code)
        self.why = Unclear(code, values)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A currency, or ten of its units."""

    currency: str
    worth: int = 1


def read_money(
    text: str, words: Iterable[Words], languages: Sequence[str] = ()
) -> tuple[Money, str] | Unclear:
    """The amount at the beginning of the text, and the words behind it.

    A currency's name that two countries use is read as in the agent's own languages, where these know one.
    """
    pieces = _pieces(text)
    reader = _Reader(tuple(words), tuple(languages), pieces[:])
    try:
        return reader.money(), _behind(text, pieces[: len(pieces) - len(reader.rest)])
    except _Stop as stop:
        return stop.why


def _behind(text: str, read: Sequence[str]) -> str:
    """What stands behind the pieces that were read, as it was written."""
    left = " ".join(text.split())
    for piece in read:
        left = left[len(piece) :].lstrip()
    return left.lstrip(" :,;،-–")


def money_of(amount: Decimal, currency: str) -> Money | None:
    """The amount with the currency's own number of decimals; None when it is finer or out of all reach."""
    fine = amount.quantize(Decimal(1).scaleb(-decimals_of(currency)))
    return Money(fine, currency) if fine == amount and amount > 0 and not too_much(amount, currency) else None


def decimals_of(currency: str) -> int:
    """How many decimals an amount in this currency has."""
    return 2 if currency == PERCENT else get_currency_precision(currency)


def too_much(amount: Decimal, currency: str) -> bool:
    """Whether it is more than anybody can mean: over the whole, or out of all reach."""
    return amount > WHOLE if currency == PERCENT else amount >= LARGEST


def is_currency(code: str) -> bool:
    """Whether it is the code of a currency that some country uses today."""
    return code in currencies()


@lru_cache(maxsize=256)
def money(amount: Decimal, currency: str, language: str, called: str = "") -> str:
    """An amount as people of a language write it, with the currency's name in full, or as it is `called`."""
    if currency == PERCENT:
        share = number(f"{amount.normalize():f}", language)
        return f"{share}%" if share.isascii() else f"{share.translate(_SEPARATORS)}٪"
    if not is_currency(currency):
        return number(f"{amount:f} {currency}", language)
    locale = locale_of(language)
    written = format_currency(amount, currency, locale=locale, format_type="name")
    if called:
        written = written.replace(get_currency_name(currency, count=amount, locale=locale), called)
    local = number(written, language)
    return local if local == written else local.translate(_SEPARATORS)


@cache
def currencies() -> frozenset[str]:
    """The codes of all currencies that some country uses today."""
    used = get_global("territory_currencies").values()
    return frozenset(code for each in used for code, _, until, tender in each if until is None and tender)


def _pieces(text: str) -> list[str]:
    """The words of the text; an amount apart from a sign that is glued to it."""
    pieces: list[str] = []
    for word in text.split():
        glued = _GLUED.fullmatch(ascii_digits(word)) if not pieces or len(pieces) < LONGEST * 2 else None
        pieces.extend(part for part in glued.groups() if part) if glued else pieces.append(word)
    return pieces


class _Reader:
    """Takes an amount from the beginning of a list of words."""

    def __init__(self, words: tuple[Words, ...], languages: tuple[str, ...], pieces: list[str]) -> None:
        self.words, self.languages = words, languages
        self.rest, self.given = pieces, " ".join(pieces[: LONGEST * 2])

    def money(self) -> Money:
        before = self._unit()
        digits = self._digits(groups=before is None)
        times = self._multiple()
        unit = before or self._unit()
        if unit is None:
            raise _Stop("money-currency", word=self.rest[0] if self.rest else "")
        decimals = decimals_of(unit.currency)
        plain = times == 1 and unit.worth == 1
        amount = self._amount(digits, decimals if plain else TOLD_APART) * times * unit.worth
        if amount <= 0:
            raise _Stop("money-nothing", text=self.given)
        if too_much(amount, unit.currency):
            raise _Stop("money-too-much", text=self.given)
        found = money_of(amount, unit.currency)
        if found is None:
            raise _Stop("money-too-fine", text=self.given, currency=unit.currency, decimals=decimals)
        return found

    def _amount(self, digits: str, decimals: int) -> Decimal:
        try:
            return number_in(digits, decimals)
        except TwoAmounts as two:
            raise _Stop("money-two-ways", text=digits, first=two.first, second=two.second) from None
        except TooFine:
            raise _Stop("money-too-fine", text=self.given, currency="", decimals=decimals) from None
        except NoAmount:
            raise _Stop("money-unclear", text=self.given) from None

    def _digits(self, *, groups: bool) -> str:
        """The digits; groups apart by spaces are one number only where the currency ends it."""
        if not self.rest or not ascii_digits(self.rest[0])[0].isdigit():
            raise _Stop("money-unclear", text=self.given)
        digits = ascii_digits(self.rest.pop(0))
        behind = [ascii_digits(one) for one in self.rest]
        more = next((at for at, one in enumerate(behind) if not is_group(one)), len(behind))
        if not more:
            return digits
        whole = "'".join((digits, *behind[:more]))
        if not groups:
            raise _Stop(
                "money-two-ways", text=self.given, first=digits, second="".join((digits, *behind[:more]))
            )
        del self.rest[:more]
        return whole

    def _multiple(self) -> int:
        word = normalise(self.rest[0]) if self.rest else ""
        found = {one.money.times[word] for one in self.words if word in one.money.times}
        if len(found) == 1:
            self.rest.pop(0)
            return found.pop()
        return 1

    def _unit(self) -> _Unit | None:
        """The currency at the beginning of what is left, taken away from it."""
        for count in range(min(LONGEST, len(self.rest)), 0, -1):
            phrase = " ".join(self.rest[:count]).rstrip(",;:،.")
            if units := _units(phrase, self.words, self.languages):
                if len(units) > 1:
                    codes = ", ".join(sorted(unit.currency for unit in units))
                    raise _Stop("money-two-currencies", word=phrase, codes=codes)
                del self.rest[:count]
                return units.pop()
        return None


def _units(phrase: str, words: tuple[Words, ...], languages: tuple[str, ...]) -> set[_Unit]:
    """What currencies the phrase can mean."""
    if _CODE.fullmatch(phrase) and is_currency(phrase):
        return {_Unit(phrase)}
    own = _named(phrase, [one for one in words if one.language in languages])
    return own if len(own) == 1 else _named(phrase, words)


def _named(phrase: str, words: Iterable[Words]) -> set[_Unit]:
    name = normalise(phrase)
    return {_Unit(*meant) for one in words for meant in one.money.named.get(name, ())}
