"""Mail copied below the sender's words without quote marks: header lines, titles, "reply above this line"."""

from __future__ import annotations

import re

from inbox.quoting.lines import Is, Lines, is_rule
from inbox.quoting.patterns import RULE, label_key
from language.normalise import normalise

_LABEL = 40
"""Characters within which a header label ends."""
_CONTINUED = 3
"""Lines over which one copied header field may be wrapped."""
_TITLE = 160
_ALONE = 16
"""Characters of a label that stands alone in its line."""
_CARD = 16
"""Lines of the card that Notes puts above a quote."""
_FIELDS = ("sender", "to", "cc", "date", "subject")
_TIMED = re.compile(r"(?<!\d)\d{1,2}[:.時时시hH]\s?\d\d(?!\d)")
_DATED = re.compile(r"(?<!\d)(?:1[34]|19|20|25)\d\d(?!\d)|\d[./-]\d{1,2}[./-]\d\d")
_ANSWERED = re.compile(
    r"(?:re|res|fw|fwd|aw|wg|sv|vs|vb|vl|tr|rv|ref|enc|ynt|odp|antw|doorst|rif|r|i|atb|ha|pd"
    r"|回复|答复|转发|返信|השב|הע|رد|پاسخ|отв)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,80}")
_COLON = re.compile(r"[:：]")
_GLUED = re.compile(r"[-_]{4,40} ?([^-_]{4,40}?) ?[-_]{4,40} ?(?=\w)")
"""A title with the header lines directly behind it, as phones of Samsung write them."""
_ENOUGH = 3
"""Points of evidence that header lines were copied by a program."""


def mark_copied(lines: Lines) -> None:
    """Marks from the first copied header block, title of another mail or "reply above" line to the end."""
    said = False
    asking = frozenset(lines.candidates)
    for place, bare in enumerate(lines.bare):
        if not bare or lines.kinds[place] is not Is.OWN:
            continue
        drawn = not bare[0].isalnum()
        if drawn or ":" in bare or "：" in bare:
            end = _copied_from(lines, place, drawn=drawn)
            if end and _cut(lines, place, end):
                return
        if not drawn and len(bare) <= _ALONE and (top := _card_from(lines, place)) is not None:
            lines.sure = lines.quotes = True
            lines.mark(top, len(lines.bare), Is.QUOTE)
            return
        asks = (drawn or place in asking) and len(bare) <= _TITLE and _is_reply_above(lines, place)
        if asks and _reply_above(lines, place, said=said):
            return
        said = said or lines.kinds[place] is Is.OWN


def _copied_from(lines: Lines, place: int, *, drawn: bool) -> int:
    """The line after the title or header block that stands here; 0 when none does."""
    if len(lines.bare[place]) <= _TITLE and _is_title(lines, place, drawn=drawn):
        return place + 1
    if drawn and lines.bare[place].startswith(("----", "____")) and _is_glued(lines, place):
        return place + 1
    return _header_block(lines, place)


def _card_from(lines: Lines, place: int) -> int | None:
    """The first line of the card that Notes puts above a quote, if its "To" stands here; else None.

    A name or address and a date stand above; each label stands in a line of its own, without a colon.
    """
    if lines.phrases.labels.get(label_key(lines.bare[place])) != "to":
        return None
    labels = lines.phrases.labels
    below = lines.bare[place + 1 : place + _CARD]
    if not any(len(one) <= _ALONE and labels.get(label_key(one)) == "subject" for one in below):
        return None
    dated = lines.last_filled(place - 1)
    if dated is None or not (_DATED.search(lines.bare[dated]) and _TIMED.search(lines.bare[dated])):
        return None
    sender = lines.last_filled(dated - 1)
    return dated if sender is None or not lines.is_own(sender) or "@" not in lines.bare[sender] else sender


def _is_glued(lines: Lines, place: int) -> bool:
    """Whether a title stands here with a header label in the same line."""
    bare = lines.bare[place][: 4 * _LABEL]
    title = _GLUED.match(bare)
    if title is None or not lines.phrases.forwarded.match(normalise(title[1])):
        return False
    return label_key(_COLON.split(bare[title.end() :], 1)[0]) in lines.phrases.labels


def _cut(lines: Lines, place: int, end: int) -> bool:
    """Marks what begins at a place; whether it goes on to the end of the text."""
    start = _with_address(lines, _with_title(lines, place))
    below = lines.next_filled(end)
    lines.sure = True
    if below is not None and lines.kinds[below] is Is.QUOTE:
        lines.quotes = True
        # Apple Mail forwards like this, others quote what they answer.
        lines.forwards = lines.forwards or _quotes_label(lines, below)
        lines.mark(start, end, Is.QUOTE)
        return False
    lines.forwards = True
    lines.mark(start, len(lines.bare), Is.QUOTE)
    return True


def _is_title(lines: Lines, place: int, *, drawn: bool) -> bool:
    """Whether a line announces the mail below: between dashes, or with a colon and header lines below."""
    bare = lines.bare[place]
    inner = bare.strip(RULE + ">") if drawn else bare
    colon = inner[-1:] in (":", "：")
    framed = drawn and len(bare) - len(bare.lstrip(RULE)) > 1
    if not (framed or colon) or not lines.phrases.forwarded.may_match(inner.rstrip(":：" + RULE)):
        return False
    title = lines.folded(place).strip(RULE + ">").rstrip(":").strip(RULE)
    if not lines.phrases.forwarded.match(title):
        return False
    return framed or _is_copied(lines, place + 1)


def _is_copied(lines: Lines, place: int) -> bool:
    """Whether what follows is quoted or begins with a header label."""
    below = lines.next_filled(place)
    return below is not None and (lines.kinds[below] is Is.QUOTE or _label(lines, below) is not None)


def _quotes_label(lines: Lines, place: int) -> bool:
    """Whether a quoted line begins with a header label."""
    before, colon, _ = lines.bare[place][:_LABEL].lstrip("> ").partition(":")
    return bool(colon) and label_key(before) in lines.phrases.labels


def _label(lines: Lines, place: int) -> str | None:
    """Which header field a line is labelled as."""
    found = _COLON.search(lines.bare[place], 0, _LABEL)
    if found is None:
        return None
    label = lines.bare[place][: found.start()]
    return lines.phrases.labels.get(label_key(label)) if label.count(" ") < 4 else None


def _header_block(lines: Lines, place: int) -> int:
    """The line after the header block that begins here; 0 when none does."""
    first = _label(lines, place)
    if first is None:
        return 0
    found = {first: [place]}
    current, number, end = first, place + 1, place + 1
    while number < len(lines.bare) and lines.kinds[number] is Is.OWN and len(found) < len(_FIELDS):
        label = _label(lines, number) if lines.bare[number] else None
        if label is not None and label not in found:
            current = label
            found[label] = [number]
            end = number + 1
        elif number - end >= _CONTINUED or not _goes_on(lines, number):
            break
        elif lines.bare[number]:
            found[current].append(number)
        number += 1
    values = {name: " ".join(lines.folded(n) for n in places[:2]) for name, places in found.items()}
    if "sender" in values and len(values) == 1:
        return place + 1 if _is_one_line(lines, place) else 0
    return end if _evidence(lines, place, values) >= _ENOUGH else 0


def _goes_on(lines: Lines, number: int) -> bool:
    """Whether a header block may go on in a line without a label: a blank one only before another label."""
    if lines.bare[number]:
        return True
    below = number + 1
    return below < len(lines.bare) and bool(lines.bare[below]) and _label(lines, below) is not None


def _evidence(lines: Lines, place: int, values: dict[str, str]) -> int:
    """How much says that a program copied these header lines."""
    if "sender" not in values:
        return 0
    points = sum(name in values for name in ("to", "subject"))
    points += 2 if "@" in values["sender"] else any("@" in value for value in values.values())
    date = values.get("date", "")
    points += bool(_DATED.search(date) and _TIMED.search(date))
    # Windows' own mail program puts marks of direction into its dates.
    points += any("\u200e" in lines.bare[n] for n in range(place, min(place + 6, len(lines.bare))))
    points += bool(_ANSWERED.match(values.get("subject", "").partition(":")[2].strip(" *_")))
    above = lines.last_filled(place - 1)
    if above is not None and is_rule(lines.bare[above]) and len(lines.bare[above]) > 4:
        points += 1
    return points


def _is_one_line(lines: Lines, place: int) -> bool:
    """Whether the whole header block stands in this one line: "From: … Sent: … To: … Subject: …"."""
    text = lines.folded(place)
    labels = set()
    for colon in _COLON.finditer(text):
        words = text[max(0, colon.start() - _LABEL) : colon.start()].split()
        names = (" ".join(words[-count:]) for count in (1, 2))
        labels |= {lines.phrases.labels.get(label_key(name)) for name in names}
    return "@" in text and {"sender", "subject"} <= labels and len(labels - {None}) > 2


def _with_title(lines: Lines, place: int) -> int:
    """The place of the rules and titles that a mail program puts above, if there are any."""
    for _ in range(3):
        above = lines.last_filled(place - 1)
        if above is None or lines.kinds[above] is not Is.OWN:
            break
        bare = lines.bare[above]
        ruled = is_rule(bare) and len(bare) > 4
        title = lines.folded(above).strip(RULE + ":") if len(bare) < 60 else ""
        if not ruled and not (title and lines.phrases.forwarded.match(title)):
            break
        place = above
    return place


def _with_address(lines: Lines, place: int) -> int:
    """The place of the sender's address, which Foxmail puts alone between their words and the copied mail."""
    above = lines.last_filled(place - 1) if "：" in lines.bare[place][:_LABEL] else None
    if above is None or place - above > 2 or not lines.is_own(above) or not lines.starts_paragraph(above):
        return place
    alone = _ADDRESS.fullmatch(lines.bare[above]) is not None
    return above if alone and lines.last_filled(above - 1) is not None else place


def _is_reply_above(lines: Lines, place: int) -> bool:
    """Whether a line asks for the reply above it, and is no sentence of the sender's that says so."""
    bare = lines.bare[place]
    if not bare.strip(RULE):
        return False
    inner = lines.folded(place).strip("#-=_*~<>[]()|—–. ")
    if not inner or not lines.phrases.reply_above.match(inner):
        return False
    framed = not bare[0].isalnum() and not bare[-1].isalnum()
    alone = lines.starts_paragraph(place) and lines.ends_paragraph(place)
    return len(inner.split()) < 16 and (framed or alone)


def _reply_above(lines: Lines, place: int, *, said: bool) -> bool:
    """Marks a "reply above this line" line, with all below it where the sender wrote above; whether so."""
    lines.sure = lines.quotes = True
    if said:
        lines.mark(_with_title(lines, place), len(lines.bare), Is.QUOTE)
    else:
        lines.mark(place, place + 1, Is.QUOTE)
    return said
