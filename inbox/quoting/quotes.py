"""Quotes behind `>`, and what introduces a quote."""

from __future__ import annotations

import re
from dataclasses import dataclass

from inbox.quoting.lines import LONGEST, Is, Lines, is_cased, is_rule
from inbox.quoting.patterns import Pattern, label_key, tidy
from language.normalise import normalise

_WRAPPED = 4
"""Lines over which an attribution may be wrapped."""
_ENCLOSED = re.compile(r"[<(\[]\s?(?:mailto:)?[^\s<>()\[\]@]{1,80}@[^\s<>()\[\]@]{1,80}")
_ANGLED = re.compile(r"<\s?(?:mailto:)?[^\s<>@]{1,80}@[^\s<>@]{1,80}>")
_DATE = re.compile(
    r"(?<!\d)(?:(?:1[34]|19|20|25)\d\d(?!\d)|\d{1,2}[./-] ?\d{1,2}[./-] ?\d{2,4}|\d{1,2}月 ?\d{1,2}日)"
)
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.時时시hH]\s?\d\d(?!\d)|(?<!\d)\d{1,2} ?[ap]\.?m\b")
_LEADS = re.compile(r"[^\w<]*(?:[^\W\d]{1,12}[.,،]{0,2} ){0,2}\d")
_FIELDS = ("to", "cc", "subject")
_BY_ADDRESS = re.compile(
    r"[\w.,/ -]{5,24}[ ,]\d{1,2}[:.h]\d\d(?: ?[ap]\.?m\.?)?,? [^\W\d]{2,12} [^\s<>()@:]{1,80}@[\w.-]{1,80}:"
)
"""A date, a time, a word and a bare address: "3 Jun 2024, 13:01 by support@firm.example:"."""
_CITED = re.compile(r"[^\W\d_]{1,10}>{1,5}(?: |$)")
"""A line behind initials or a name, as The Bat and Supercite quote."""
_SENTENCE = re.compile(r"[^\W\d_]{4}[.!?] +[^\W\d_]")
"""A sentence's end, and another's beginning."""
_TWO_DIGITS = re.compile(r"\d\d|\d\W\d")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Lines from `start` that say whose words follow."""

    start: int
    text: str
    """Normalised, in one line."""
    raw: str

    @property
    def precise(self) -> bool:
        """Whether it names an address or a time, as programs do and people rarely."""
        text = self.text
        if "@" in text:
            return bool(_ENCLOSED.search(text) or _DATE.search(text) or _TIME.search(text))
        return bool(_DATE.search(text) and _TIME.search(text) and _names_someone(self.raw))


def mark_marked(lines: Lines) -> None:
    """Marks the lines behind `>`, and what follows GroupWise's line, which stands between `>>>`."""
    first = True
    for place, bare in enumerate(lines.bare):
        if not bare.startswith((">", "＞")) or _is_stuffed(lines, place) or _closes_address(lines, place):
            continue
        lines.quotes = True
        lines.kinds[place] = Is.QUOTE
        if bare.startswith(">>> ") and _is_groupwise(lines, place, first=first):
            lines.sure = True
            lines.mark(place, len(lines.bare), Is.QUOTE)
            return
        if bare.startswith('>>>>> "') and '" == ' in bare[:80]:
            _mark_cited(lines)
        first = False


def _mark_cited(lines: Lines) -> None:
    """Marks the lines behind the name or the initials of the one whose words they hold: "AB> …"."""
    for place, bare in enumerate(lines.bare):
        if ">" in bare and _CITED.match(bare):
            lines.kinds[place] = Is.QUOTE


def _is_stuffed(lines: Lines, place: int) -> bool:
    """Whether a line of the sender's begins with "From" and an mbox put a `>` before it."""
    if not lines.raw[place].startswith(">From "):
        return False
    around = (lines.bare[n] for n in (place - 1, place + 1) if 0 <= n < len(lines.bare))
    return not any(bare.startswith(">") for bare in around)


def _closes_address(lines: Lines, place: int) -> bool:
    """Whether a line begins with the `>` of an <address> that was wrapped just before it."""
    above = lines.bare[place - 1] if place else ""
    if "@" not in above[above.rfind("<") + 1 :] or above.rfind("<") <= above.rfind(">"):
        return False
    return above[0] not in ">＞" and lines.bare[place][-1] in lines.phrases.ends


def _is_groupwise(lines: Lines, place: int, *, first: bool) -> bool:
    bare = lines.bare[place]
    below = lines.next_filled(place + 1)
    if len(bare) > LONGEST or below is None or lines.bare[below].startswith(">"):
        return False
    ends = bare.endswith(">>>") or (first and bare.endswith(":"))
    return ends and Attribution(place, lines.folded(place), bare).precise


def mark_attributions(lines: Lines) -> None:
    """Marks what introduces a `>` quote, and all that follows what introduces an unmarked one."""
    ends, last = lines.phrases.ends, _last_quote(lines)
    own = 0
    for place, bare in enumerate(lines.bare):
        if not bare or lines.kinds[place] is not Is.OWN:
            continue
        if "<" in bare and "@" in bare and _runs_on(lines, place):
            lines.quotes = lines.sure = True
            lines.mark(place, len(lines.bare), Is.QUOTE)
            return
        if bare[-1] not in ends or len(bare) > LONGEST:
            continue
        below = lines.next_filled(place + 1)
        marked = below is not None and lines.kinds[below] is Is.QUOTE
        cited = below is not None and not marked and _CITED.match(lines.bare[below]) is not None
        marked = marked or cited
        found = _attribution(lines, place, marked=marked)
        if found is None:
            continue
        while own < found.start and not lines.is_own(own):
            own += 1
        if not (marked or below is None or "@" in found.text or (own < found.start and below > place + 1)):
            # A name and a time, with the words directly below or nothing above: a person tells what was said.
            continue
        if cited:
            _mark_cited(lines)
        lines.quotes = True
        lines.sure = lines.sure or found.precise
        start = _with_fields(lines, found)
        # At the very top, with quotes further down, the sender began to answer below it.
        answered = own == found.start and below is not None and below < last
        if marked or below is None or answered:
            lines.mark(start, place + 1, Is.QUOTE)
        else:
            lines.mark(start, len(lines.bare), Is.QUOTE)
            return


def _with_fields(lines: Lines, found: Attribution) -> int:
    """The top of an attribution: below a rule, Yandex writes the fields of the quoted mail above it."""
    place, addressed = found.start, False
    while found.precise and found.start - place < len(_FIELDS) and lines.is_own(place - 1):
        label, colon, value = lines.bare[place - 1][:LONGEST].partition(":")
        if not colon or lines.phrases.labels.get(label_key(label)) not in _FIELDS:
            break
        addressed = addressed or "@" in value
        place -= 1
    ruled = lines.is_own(place - 1) and is_rule(lines.bare[place - 1])
    return place - 1 if addressed and ruled else found.start


def _runs_on(lines: Lines, place: int) -> bool:
    """Whether an attribution with an <address> stands here and its quote begins in the same line."""
    bare = lines.bare[place]
    colon = bare.find(":", bare.find("@"), LONGEST)
    if colon < 0 or bare[colon + 1 : colon + 2] not in (" ", "\xa0", "\t"):
        return False
    text = tidy(normalise(bare[: colon + 1]))
    found = lines.phrases.attribution.match(text)
    return found is not None and bool(_ANGLED.search(text)) and bool(_DATE.search(text) or _TIME.search(text))


def _last_quote(lines: Lines) -> int:
    if not lines.quotes:
        return -1
    return len(lines.kinds) - 1 - lines.kinds[::-1].index(Is.QUOTE)


def _attribution(lines: Lines, place: int, *, marked: bool) -> Attribution | None:
    """The attribution that ends in a line; None when none does."""
    top = place
    while place - top < _WRAPPED - 1 and lines.is_own(top - 1) and len(lines.bare[top - 1]) <= LONGEST:
        top -= 1
    bare = lines.bare[place]
    if label_key(bare[:-1]) in lines.phrases.labels:
        return None
    if bare[-1] in ">-" and not (marked and "@" in bare) and not bare.startswith("-"):
        return None
    joined = "\n".join(lines.bare[top : place + 1])
    if not marked and "@" not in joined and not _TWO_DIGITS.search(joined):
        return None
    found = _named(lines, top, place) or _unnamed(lines, top, place, marked=marked)
    if found is not None and not found.precise and _says_more(found.raw):
        return None
    return found if found is not None and (marked or found.precise) else None


def _says_more(raw: str) -> bool:
    """Whether a sentence of the sender's ends in an attribution: "It did not come. You also wrote:"."""
    found = _SENTENCE.search(raw)
    return found is not None and len(raw[: found.start()].split()) > 1


def _named(lines: Lines, top: int, place: int) -> Attribution | None:
    """An attribution that a words file knows, from the line where its beginning stands."""
    nearest: Attribution | None = None
    text = ""
    for start in range(place, top - 1, -1):
        text = f"{lines.folded(start)} {text}".rstrip()
        words = _undressed(text)
        if lines.phrases.attribution.head(words):
            found = Attribution(start, words, " ".join(lines.bare[start : place + 1]))
            if found.precise:
                return found
            nearest = nearest if nearest and nearest.start == start else found
        elif nearest is None and (pattern := lines.phrases.attribution.tail(words)):
            nearest = _extended(lines, top, start, place, pattern)
    return nearest


def _undressed(text: str) -> str:
    """An attribution without the dashes, stars and brackets around it, with its colon."""
    words = text.strip("-–—_*|~ ")
    if text[-1:] in "-–—" and not words.endswith(":"):
        words += ":"
    return tidy(words)


def _extended(lines: Lines, top: int, start: int, place: int, pattern: Pattern) -> Attribution:
    """The attribution with the lines above that belong to it: a date, or a name whose address was wrapped."""
    said = pattern.stars(_undressed(" ".join(map(lines.folded, range(start, place + 1))))).strip()
    bare_address = said.startswith("<") and said.endswith(">") and said.count("@") == 1
    if bare_address and start > top and not _begins(lines, start - 1):
        start -= 1
    for above in range(start - 1, top - 1, -1):
        if _begins(lines, above) and not (_is_dated(lines, start) and _is_dated(lines, above)):
            start = above
    return _over(lines, start, place)


def _is_dated(lines: Lines, place: int) -> bool:
    """Whether a line begins with a date and a time."""
    folded = lines.folded(place)
    return bool(_LEADS.match(folded) and _DATE.search(folded) and _TIME.search(folded))


def _begins(lines: Lines, place: int) -> bool:
    """Whether a line begins as attributions do: with a date, or a name and its address."""
    folded = lines.folded(place)
    if _LEADS.match(folded) and (_DATE.search(folded) or _TIME.search(folded)):
        return True
    return bool(_ANGLED.search(folded)) and len(folded.split()) < (14 if _DATE.search(folded) else 10)


def _over(lines: Lines, start: int, place: int) -> Attribution:
    text = tidy(" ".join(map(lines.folded, range(start, place + 1))))
    return Attribution(start, text, " ".join(lines.bare[start : place + 1]))


def _unnamed(lines: Lines, top: int, place: int, *, marked: bool) -> Attribution | None:
    """An attribution by its form alone: a name, its <address>, a date and a time, and little else."""
    if "@" in lines.bare[place] and _BY_ADDRESS.fullmatch(lines.folded(place)):
        return _over(lines, place, place)
    for start in range(place, top - 1, -1):
        found = _over(lines, start, place)
        if not _ANGLED.search(found.text):
            continue
        if not (start == place or _begins(lines, start)):
            continue
        for above in range(start - 1, top - 1, -1):
            if _begins(lines, above):
                found = _over(lines, above, place)
        return found if _is_form(found, marked=marked) else None
    return None


def _is_form(found: Attribution, *, marked: bool) -> bool:
    text = found.text
    dated, timed, ends = bool(_DATE.search(text)), bool(_TIME.search(text)), text.endswith(":")
    others = [word for word in text.split() if "@" not in word and not any(map(str.isdigit, word))]
    if not marked:
        return ends and dated and timed and len(others) < 16
    if ends:
        return dated or timed or text.rstrip(": ").endswith(">")
    return dated and len(others) < 7


def _names_someone(raw: str) -> bool:
    """Whether a name stands near the end or the beginning, as opposed to "your driver wrote"."""
    if not is_cased(raw):
        return True
    words = raw.rstrip(":： ").split()
    return any(word.strip("\"'(„“«")[:1].isupper() and len(word.strip(".,")) > 1 for word in words[-3:])
