"""What devices, gateways, scanners and lists add around the sender's words."""

from __future__ import annotations

import re

from inbox.quoting.lines import PROMOTED, Is, Lines, is_cased, is_prose, is_rule
from inbox.quoting.patterns import AROUND, Pattern, Patterns

_DEVICE = 160
"""Characters of the longest line that a device adds."""
_WORDS = 6
"""Words of a device's line that is known by its length alone."""
_BANNERS = 12
"""Lines at the top among which a banner may stand."""
_WRAPPED = 55
"""A line as long as this may be broken, and go on in the next one."""
_WIDEST = 100
"""A longer line was broken by no program: what stands below it is another."""
_LEGAL = 150
"""A paragraph as long as this below a legal footer belongs to it."""
_LIST = 8
"""Lines of a footer that a mailing list adds."""
_LINK = re.compile(
    r"[<(\[]\s?(?:https?://|mailto:|tel:|www\.)[^\s<>()\[\]]{1,500}[>)\]]?|https?://[^\s<>()\[\]]{1,500}"
)
_WHERE = re.compile(r"https?://|www\.|@[\w-]+\.|@lists?\b")
_PIECES = re.compile(r"\. | [-–—] ")
"""What stands between the sentences of a device's line."""
_UNBRACKETED = str.maketrans("", "", "[]")
_UNSIGNED = str.maketrans("", "", "[]*⚠\ufe0f")


_PROOFPOINT = "ZjQcmQRYFpfptBanner"
"""What Proofpoint's gateway puts around its banner, not to be seen in HTML."""


def mark_banners(lines: Lines) -> None:
    """Marks the warnings that a gateway put above the text, and the rules around them."""
    banner = lines.phrases.banner
    place = marked = 0
    while place < _BANNERS and (at := lines.next_filled(place)) is not None and lines.kinds[at] is Is.OWN:
        end = _banner_end(lines, at, banner)
        if end:
            marked = place = end
        elif is_rule(lines.bare[at]):
            place = at + 1
            marked = marked and place
        else:
            break
    if marked:
        lines.mark(0, marked, Is.ADDED)


def _banner_end(lines: Lines, place: int, banner: Patterns) -> int:
    """The line after the banner that begins here; 0 when none does."""
    if lines.bare[place].startswith(_PROOFPOINT):
        below = range(place, min(place + _BANNERS, len(lines.bare)))
        return next((number for number in below if "BannerEnd" in lines.bare[number]), place) + 1
    if "@" not in lines.bare[place] and not banner.may_match(lines.bare[place].lstrip(AROUND)):
        return 0
    for count in (1, 2, 3):
        if count > 1 and not lines.is_own(place + count - 1):
            break
        text = " ".join(map(lines.folded, range(place, place + count))).translate(_UNSIGNED).strip(AROUND)
        pattern = banner.match(text) or banner.match(text.rstrip("."))
        if pattern is not None:
            return _goes_on(lines, place + count) if pattern.pieces[-1] == "" else place + count
    return 0


def _goes_on(lines: Lines, end: int) -> int:
    """The end of a paragraph of which the line before `end` is a part, as far as its lines are wrapped."""
    while lines.is_own(end):
        above = lines.bare[end - 1]
        if not _WRAPPED <= len(above) <= _WIDEST or above[-1] in ".!?]>。！":
            break
        end += 1
    return end


def mark_footers(lines: Lines, places: list[int], start: int, end: int) -> int:
    """Marks the footers that begin in these places; where the lines above the first one end."""
    first = end
    for place in places:
        if not lines.is_own(place) or not _follows_words(lines, place):
            continue
        if _opens_footer(lines, place) and _is_footer(lines, place):
            above = _with_rule(lines, _with_heading(lines, place, start), start)
            lines.mark(above, _footer_end(lines, place, end), Is.ADDED)
            first = min(first, above)
    return first


def mark_devices(lines: Lines, places: list[int], end: int) -> None:
    """Marks the devices' lines among these places."""
    for place in reversed(places):
        if not lines.is_own(place) or len(lines.bare[place]) > _DEVICE:
            continue
        if PROMOTED in lines.bare[place] and _promotes(lines, place):
            _mark_device(lines, place)
            continue
        pattern = _device(lines, place)
        if pattern is not None and _is_device(lines, place, pattern, end):
            _mark_device(lines, place)


def _promotes(lines: Lines, place: int) -> bool:
    """Whether a line alone offers Outlook, in whatever language, as its phone programs do."""
    bare = lines.bare[place]
    said = _LINK.sub(" ", bare)
    offers = "Outlook" in said and f"<https:{PROMOTED}" in bare and bare[-1] not in ".!?,:"
    return offers and len(said.split()) < 9 and lines.starts_paragraph(place)


def _mark_device(lines: Lines, place: int) -> None:
    """Marks a device's line, and the address of its link where that stands alone below."""
    lines.mark(place, place + 1 + _is_link(lines, place + 1), Is.ADDED)


def _is_link(lines: Lines, place: int) -> bool:
    """Whether a line is the address of a link and nothing else."""
    return lines.is_own(place) and not _LINK.sub("", lines.bare[place][:600]).strip(AROUND)


def _follows_words(lines: Lines, place: int) -> bool:
    """Whether anything stands above: a customer may begin with the words of a footer."""
    return any(lines.bare[max(0, place - 6) : place])


def _device(lines: Lines, place: int) -> Pattern | None:
    """The pattern of a device's line that fits, whatever address stands in it; each sentence must fit."""
    text = lines.folded(place)
    if "://" in text or "www." in text or "mailto:" in text or "tel:" in text:
        text = _LINK.sub(" ", text)
    text = " ".join(text.translate(_UNBRACKETED).split()).strip(AROUND)
    match = lines.phrases.sent_from.match
    first, *others = _PIECES.split(text, 3)
    if others and all(match(one.rstrip(".")) for one in others):
        return match(first)
    return match(text)


def _is_device(lines: Lines, place: int, pattern: Pattern, end: int) -> bool:
    """Whether a line that a device may have added stands where devices add one, and is no sentence."""
    bare = _LINK.sub("", lines.bare[place]).translate(_UNBRACKETED).strip(AROUND)
    if not _names_device(_PIECES.split(bare, 1)[0], pattern):
        return False
    short = len(bare.split()) - len(pattern.pieces[0].split()) <= _WORDS // 2 or len(bare.split()) <= _WORDS
    if lines.starts_paragraph(place) and lines.ends_paragraph(place + _is_link(lines, place + 1)):
        return True
    if not any(map(lines.is_own, range(place + 1, min(place + 7, end)))):
        return short or lines.starts_paragraph(place) or _is_finished(lines.bare[place - 1])
    above = lines.last_filled(place - 1)
    return short and not lines.is_own(place + 1) and (above is None or lines.kinds[above] is not Is.OWN)


def _is_finished(bare: str) -> bool:
    """Whether a line was ended by its writer: a sentence ends with it, or it was too short to be broken."""
    return len(bare) < _WRAPPED or bare[-1] in ".!?…)。！？"


def _names_device(bare: str, pattern: Pattern) -> bool:
    """Whether the star of a pattern stands for a device or program, rather than for a sentence's end."""
    if len(pattern.pieces) == 1 or not is_cased(bare):
        return len(bare) <= _DEVICE // 2
    if "? " in bare or "! " in bare:
        return False
    words = bare.split()
    first = len(pattern.pieces[0].split())
    said = words[first : len(words) - len(pattern.pieces[-1].split())]
    small = sum(word.islower() for word in said)
    named = any(word != word.lower() or word[0].isdigit() for word in said[:2])
    # "iPhone" and "BlackBerry®" are names wherever they stand, "Monday" is none.
    branded = any(word[-1] in "®™" or word[1:] != word[1:].lower() for word in said)
    return small <= 5 if named or branded else len(said) <= 2


def _opens_footer(lines: Lines, place: int) -> bool:
    """Whether a line is the first of a paragraph, or stands below a line that was not broken."""
    return lines.starts_paragraph(place) or len(lines.bare[place - 1]) < _WRAPPED


def _is_footer(lines: Lines, place: int) -> bool:
    """Whether a footer begins here; its first words may be wrapped over a few lines."""
    text = ""
    for number in range(place, place + 4):
        if not lines.is_own(number) or len(text) > 400:
            break
        text = f"{text} {lines.folded(number)}".strip()
        if lines.phrases.footer.match(text.strip(AROUND)):
            return True
    return False


def _footer_end(lines: Lines, place: int, end: int) -> int:
    """The line after a footer's paragraph, and after the paragraphs of law and addresses below it."""
    while place < end and lines.is_own(place):
        place += 1
    last = place
    while place < end:
        if not lines.bare[place]:
            place += 1
            continue
        below = place
        while below < end and lines.is_own(below):
            below += 1
        if below == place or not _belongs(lines, place, below):
            break
        place = last = below
    return last


def _belongs(lines: Lines, start: int, end: int) -> bool:
    """Whether the paragraph below a footer is one of law or addresses."""
    paragraph = lines.bare[start:end]
    length = sum(map(len, paragraph))
    if length >= _LEGAL or _is_footer(lines, start):
        return True
    if any(map(is_prose, paragraph)):
        return False
    return any(_WHERE.search(line[:400]) or is_rule(line) for line in paragraph)


def _with_heading(lines: Lines, place: int, start: int) -> int:
    """The place of the heading above a footer ("Disclaimer"), if there is one."""
    above = lines.last_filled(place - 1)
    if above is None or above < start or len(lines.bare[above]) > 40 or not lines.starts_paragraph(above):
        return place
    heading = lines.folded(above).strip(AROUND).rstrip(":")
    match = lines.phrases.footer.match
    return above if match(heading) or match(f"{heading}:") else place


def _with_rule(lines: Lines, place: int, start: int) -> int:
    """The place of the rule above a footer, if there is one."""
    above = lines.last_filled(place - 1)
    return above if above is not None and above >= start and is_rule(lines.bare[above]) else place


def mark_list_footer(lines: Lines, start: int, end: int) -> int:
    """Marks what a mailing list put below a long rule at the end; where the lines above it end."""
    filled = 0
    for place in range(end - 1, start, -1):
        bare = lines.bare[place]
        filled += bool(bare)
        if filled > _LIST + 1 or lines.kinds[place] is not Is.OWN:
            break
        if len(bare) > 19 and is_rule(bare) and bare[0] in "_-=" and filled > 1:
            below = [line for line in lines.bare[place + 1 : end] if line]
            places = [bool(_WHERE.search(line[:400])) for line in below]
            said = sum(is_prose(line) for line in below)
            told = sum(is_prose(line) for line, known in zip(below, places, strict=True) if not known)
            if any(places) and (said if sum(places) < 2 else told) * 2 <= len(below):
                lines.mark(place, end, Is.ADDED)
                return place
            break
    return end
