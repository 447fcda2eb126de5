"""Signatures: below a delimiter, or below a closing line or the sender's name where contact data says so."""

from __future__ import annotations

import re
from itertools import islice

from inbox.quoting.lines import Is, Lines, is_cased, is_name, is_prose, names_sender
from inbox.quoting.patterns import RULE

_LINES = 15
"""Lines of the longest signature that no `-- ` announces."""
_PHONE = re.compile(
    r"(?:\+|(?<![\w.,/-])\(?0)[\d(][\d\s()./–-]{5,20}\d|(?<![\w.,/-])\(?\d{2,4}[)\s./-][\d\s./-]{4,14}\d"
)
_NUMBER = re.compile(r"\d[\d\s()./–-]{4,20}\d")
_LABEL = 24
"""Characters before a number in which its label begins."""
_DIALLED = re.compile(
    r"(?:^|[\s|,;/(])(?:tel|telephone|phone|ph|mob|mobile|cell|fax|t|m|p|f|c|d|w|o|direct|office|whatsapp|gsm|"
    r"tél|tèl|téléphone|teléfono|telefono|telefon|telefone|telefoon|telefonszám|móvil|movil|celular|cellulare|"
    r"telemóvel|handy|mobil|mobiel|portable|puh|puhelin|mobiltelefon|komórka|kom|cep|tlf|tlf\.nr|"
    r"τηλ|κιν|тел|моб|телефон|мобильный|мобільний|"
    r"טל|טלפון|נייד|פקס|תלפון|هاتف|جوال|موبايل|محمول|تلفن|موبایل|همراه|شماره تماس|"
    r"電話|电话|手机|電話番号|携帯|手機|传真|전화|휴대폰|연락처|핸드폰)\.?\s?[:：.)|]?\s{0,3}[+(]{0,2}"
    + _NUMBER.pattern,
    re.IGNORECASE,
)
_WEB = re.compile(r"https?://[^\s]|www\.[^\s]|[^\s<>@]{1,64}@[\w-]{1,64}\.\w|[☎📞📱✉]")
_LETTERS = 3
"""That stand beside a telephone number alone: "Tel"."""
_DIGITS = re.compile(r"[0-9٠-٩۰-۹](?:[^\w\n]{0,3}[0-9٠-٩۰-۹]){5}")
_SIGNS = ("@", "www.", "://", "☎", "📞", "📱")
_POSTSCRIPT = re.compile(r"(?:p\.? ?s|p\.? ?d|n\.? ?b|п\.? ?с|з\.? ?ы|פ\.?ש)\b[.:; ]", re.IGNORECASE)
_STRONG = ("-- ", "-- \r", "--\xa0")
_WEAK = re.compile(r"[-–—_=~]{2,3}$|[—–]$|[-_=—–*~―─━═－＝]{4,100}$|(?:[-–—_=] ){2,50}[-–—_=]?$|\|(?: ?\|)?$")
_OPENINGS = ("此致", "此 致", "顺祝", "順祝", "顺颂", "順頌")
_RULED = RULE + "|"
_AFTER_CLOSING = ".,!،、，。-–— "
_BETWEEN = re.compile(r" ?[|•·/] ?| [-–—] |, ")
"""What stands between the pieces of a signature in one line."""
_DASHED = re.compile(r"(?:[-–—~]{1,2}|[*•]) ?(?=\w)")


def mark_signature(lines: Lines, start: int, end: int) -> None:
    """Marks the signature at the end of the sender's own lines from start up to end, if there is one."""
    place = _below_delimiter(lines, start, end)
    if place is None:
        place = _below_weak_delimiter(lines, start, end)
    if place is None:
        place = _below_closing(lines, start, end)
    if place is None:
        place = _dashed_name(lines, start, end)
    if place is not None:
        lines.mark(place, end, Is.SIGNATURE)


def _below_delimiter(lines: Lines, start: int, end: int) -> int | None:
    """The place of the first `-- ` (RFC 3676, section 4.3)."""
    if "--" not in lines.bare[start:end]:
        return None
    for place in range(start, end):
        if lines.bare[place] == "--" and lines.raw[place] in _STRONG:
            return place
    return None


def _below_weak_delimiter(lines: Lines, start: int, end: int) -> int | None:
    """The place of a line of dashes that may be a person's own rule: what is below must be a signature."""
    filled, closed = 0, end
    for place in range(end - 1, start - 1, -1):
        bare = lines.bare[place]
        filled += bool(bare)
        if filled > _LINES + 2:
            break
        if not bare or bare[-1] not in _RULED or not _WEAK.match(bare):
            continue
        if bare[0] == "|":
            return _card(lines, start, place)
        if filled > 1:
            return place if _is_signature(lines, place, closed) else None
        # A rule at the very end may close what another opened.
        closed = place
    return None


def _card(lines: Lines, start: int, end: int) -> int | None:
    """The top of a table that NetEase's programs draw around a name and an address."""
    for place in range(end - 1, max(start, end - _LINES), -1):
        bare = lines.bare[place]
        if len(bare) > 60 or is_prose(bare):
            return None
        if bare == "| |":
            return place if any(_is_contact(lines.bare[n]) for n in _own(lines, place, end)) else None
    return None


def _is_signature(lines: Lines, rule: int, end: int) -> bool:
    """Whether a signature stands below a rule, rather than more of the sender's words."""
    below = _own(lines, rule + 1, end)
    if not below:
        return False
    if any(map(_is_said, (lines.bare[n] for n in below))):
        return False
    if names_sender(lines, below[0]):
        return True
    contacts = sum(_is_contact(lines.bare[n]) for n in below)
    if not is_name(lines.bare[below[0]]):
        return False
    delimiter = len(lines.bare[rule]) < 3
    repeated = any(lines.bare[n] == lines.bare[rule] for n in range(max(0, rule - 100), rule))
    if delimiter and not repeated:
        return contacts > 0 or len(below) <= 4
    return contacts > 1


def _below_closing(lines: Lines, start: int, end: int) -> int | None:
    """The place of a closing line, or of the sender's own name, with contact data below."""
    below = _own(lines, max(start, end - 2 * _LINES), end)[-_LINES:]
    tail = "\n".join([lines.bare[n][:200] for n in below])
    numbered = sorted({tail.count("\n", 0, found.start()) for found in _DIGITS.finditer(tail)})
    # Contact data has one of the signs or six digits.
    likely = below if any(sign in tail for sign in _SIGNS) else [below[n] for n in numbered]
    contact = next((n for n in reversed(likely) if _is_contact(lines.bare[n])), None)
    if contact is None:
        return None
    named: int | None = None
    for place in reversed(below):
        if place < contact and _is_closing(lines, place):
            return _opened(lines, place, start) if _is_block(lines, place, end) else None
        if place <= contact and names_sender(lines, place) and lines.starts_paragraph(place):
            named = place
        if _is_said(lines.bare[place], strict=place > contact):
            break
    return named if named is not None and _stands_alone(lines, named, start) else None


def _opened(lines: Lines, closing: int, start: int) -> int:
    """The first line of a closing that stands in two: with a name in the second, or as in Chinese letters."""
    above = lines.last_filled(closing - 1)
    if above is None or above < start or not lines.is_own(above):
        return closing
    if _holds_name(lines, closing) and _is_closing(lines, above):
        return above
    beside = above == closing - 1 and lines.bare[above].strip(_AFTER_CLOSING) in _OPENINGS
    return above if beside else closing


def _holds_name(lines: Lines, closing: int) -> bool:
    """Whether the name stands in the closing line itself: "Regards, Ann"."""
    said = lines.folded(closing).rstrip(_AFTER_CLOSING)
    known = lines.phrases.closing.tail(said)
    return bool(said.partition(",")[2]) or (known is not None and len(known.pieces) > 1)


def _is_closing(lines: Lines, place: int) -> bool:
    """Whether a line ends a letter, alone or with a name after a comma."""
    bare = lines.bare[place]
    closing = lines.phrases.closing
    if len(bare) > 60 or not closing.may_match(bare):
        return False
    text = lines.folded(place).rstrip(_AFTER_CLOSING)
    return closing.match(text) is not None or closing.match(text.partition(",")[0].rstrip()) is not None


def _is_block(lines: Lines, closing: int, end: int) -> bool:
    """Whether a name and then contact data stand below a closing line, and nothing else."""
    below = _own(lines, closing + 1, end)
    first = lines.bare[below[0]]
    if _holds_name(lines, closing):
        return True
    if _is_contact(first) and not names_sender(lines, below[0]):
        name = _BETWEEN.split(first, 1)[0]
        return name != first and is_name(name) and not any(map(str.islower, name.split()))
    return is_name(first) or names_sender(lines, below[0]) or len(first.split()) < 9


def _stands_alone(lines: Lines, place: int, start: int) -> bool:
    """Whether enough was said above a name for the rest to be a signature, and no address was announced."""
    above = _own(lines, max(start, place - 30), place)
    if not above or place == start:
        return False
    last = lines.bare[above[-1]]
    texts = [lines.bare[n] for n in above]
    said = sum(len(text.split()) for text in texts) if is_cased(last) else sum(map(len, texts)) // 4
    return last[-1] not in ":：" and said > (2 if lines.quotes or lines.forwards else 6)


def _dashed_name(lines: Lines, start: int, end: int) -> int | None:
    """The place of a last line such as "-Ann Example", if it is no item of a list."""
    place = end - 1
    bare = lines.bare[place]
    dash = _DASHED.match(bare[:8])
    if dash is None or place <= start or len(bare) > 50:
        return None
    above = lines.last_filled(place - 1)
    if above is not None and _DASHED.match(lines.bare[above][:8]):
        return None
    name = bare[dash.end() :]
    if names_sender(lines, place):
        return place
    words = name.split()
    large = is_cased(name) and all(word[0].isupper() for word in words) and is_name(name)
    close = not dash[0].endswith(" ") and dash[0][0] in "-–—~" and len(words) <= 3
    return place if large and close and lines.starts_paragraph(place) else None


def _own(lines: Lines, start: int, end: int) -> list[int]:
    bare, kinds = lines.bare, lines.kinds
    return [n for n in range(start, end) if bare[n] and kinds[n] is Is.OWN]


def _is_said(bare: str, *, strict: bool = True) -> bool:
    """Whether a line says something, as a signature's lines don't; a title may read like a sentence."""
    if _POSTSCRIPT.match(bare[:8]):
        return True
    if not strict and len(bare.split()) < 7 and bare[-1] not in ".!?":
        return False
    return is_prose(bare) and not _WEB.search(bare[:400])


def _is_contact(bare: str) -> bool:
    """Whether a line holds a telephone number or an address of the net."""
    if len(bare) > 200:
        return False
    if "@" in bare or "www." in bare or "://" in bare:
        return bool(_WEB.search(bare))
    if not _DIGITS.search(bare):
        return bare[0] in "☎📞📱"
    return bool(_is_dialled(bare) or _is_number(bare))


def _is_dialled(bare: str) -> bool:
    """Whether a line has a telephone number behind a word that says so."""
    # Looked for around the line's numbers alone: so many words are compared slowly at every place of a line.
    near = ((max(0, found.start() - _LABEL), found.end()) for found in _NUMBER.finditer(bare))
    return any(_DIALLED.search(bare, begin, end) for begin, end in near)


def _is_number(bare: str) -> bool:
    """Whether a line is a telephone number and little else."""
    has_words = next(islice(filter(str.isalpha, bare), _LETTERS, None), "") != ""
    if has_words and "+" not in bare:
        return False
    found = _PHONE.search(bare)
    if found is None or sum(map(str.isdigit, found[0])) < 7:
        return False
    return found[0].startswith("+") or not has_words
