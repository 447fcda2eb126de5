"""A letter as the tone check sees it: which of its words are the writer's own, and where sentences end."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby
from operator import itemgetter
from typing import NamedTuple

from cases.rules.fold import STOP, Folded, fold, fold_phrase
from cases.rules.matching import Span
from cases.rules.patterns import Pattern
from cases.toning.guide import Group, Guide
from cases.toning.kinds import Check, Part

QUOTED = re.compile(
    r"“[^“”\n]{1,400}”|„[^„“”\n]{1,400}[“”]|«[^«»\n]{1,400}»|‹[^‹›\n]{1,400}›"
    r'|(?<!\w)״[^״\n]{1,400}״(?!\w)|(?<!\w)"[^"\n]{1,400}"(?!\w)'
)
"""Other people's words."""
LINE = re.compile(r"\S[^\n]*")
HEAD = re.compile(r"[^,،;؛:!.?؟\n–—]*[,،;؛:!.?؟–—]?")
MOST_OF_HEAD = 10
"""Words that a salutation has at most."""
MOST_OF_NAME = 2
"""Words of a name that stands alone before a comma."""
MARKS = " \t\n.,;:!?؟،؛…()[]\"'«»“”„״‹›-–—*"


class Hit(NamedTuple):
    """Tokens of the letter, the first and the last."""

    first: int
    last: int

    def touches(self, other: Hit) -> bool:
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class Letter:
    """A letter, and where the words of its language's guide stand in it."""

    text: str
    guide: Guide
    known: Sequence[str] = ()
    """What the letter repeats of the customer: nobody's words."""
    names: bool = False
    """Whether the customer's name is known, so that a salutation without one is the writer's choice."""

    @cached_property
    def folded(self) -> Folded:
        return fold("", self.text)

    @cached_property
    def found(self) -> Mapping[int, Sequence[Span]]:
        return self.guide.finder.find(self.folded)

    @cached_property
    def _numbers(self) -> Sequence[int]:
        """Those of the phrases that were found, in order."""
        return sorted(self.found)

    @cached_property
    def _patterns(self) -> Collection[Pattern]:
        return self.guide.patterns.within(self.folded.text)

    @cached_property
    def sentence_of(self) -> list[int]:
        """The number of the sentence that each token stands in."""
        ends = [STOP in words for _, words in self.folded.folded]
        return list(accumulate(ends, initial=0))[:-1]

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """From and to of each sentence, which ends with its line at the latest."""
        found: list[tuple[int, int]] = []
        before = -1
        for (start, end), sentence in zip(self.folded.tokens, self.sentence_of, strict=True):
            if sentence == before and "\n" not in self.text[found[-1][1] : start]:
                found[-1] = found[-1][0], end
            else:
                found.append((start, end))
            before = sentence
        return found

    @cached_property
    def salutation(self) -> tuple[int, int]:
        """Where the first line greets, from and to; an empty stretch where it doesn't."""
        line = LINE.search(self.text)
        if line is None:
            return 0, 0
        start, end = line.span()
        head = HEAD.match(self.text, start)
        for stop in (head.end() if head else end, end):
            words = fold_phrase(self.text[start:stop])
            names = [word for word in self.without_greeting(words) if word not in self.guide.titles]
            if len(words) <= MOST_OF_HEAD and len(names) < len(words) and (names or stop == end):
                return start, stop
        stop = head.end() if head else end
        words = fold_phrase(self.text[start:stop])
        greets = len(self.without_greeting(words)) < len(words) <= MOST_OF_HEAD
        return (start, stop) if greets or self._is_bare_name(self.text[start:stop], words) else (0, 0)

    def _is_bare_name(self, head: str, words: Sequence[str]) -> bool:
        """Whether a letter begins with nothing but a name: "Anna, thank you"."""
        ends = head.rstrip().endswith((",", "،"))
        return (
            ends
            and 0 < len(words) <= MOST_OF_NAME
            and not any(self.guide.stems.cores(word) & self.guide.common for word in words)
        )

    def without_greeting(self, words: Sequence[str]) -> list[str]:
        """Words of a first line that greet nobody by themselves."""
        greeting = self._greeting(words)
        return [word for at, word in enumerate(words) if at not in greeting]

    def _greeting(self, words: Sequence[str]) -> set[int]:
        """The places of the words that greet."""
        found: set[int] = set()
        for greeting in self.guide.greetings:
            length = len(greeting)
            for at in range(len(words) - length + 1):
                if tuple(words[at : at + length]) == greeting:
                    found.update(range(at, at + length))
        return found

    @cached_property
    def own(self) -> list[bool]:
        """Of each token whether it is the writer's own: neither a name that is greeted nor quoted."""
        quoted = (found.span() for found in QUOTED.finditer(self.text))
        return self._outside(
            [*quoted, *self._repeated(), *([] if self._greets_nobody else [self.salutation])]
        )

    @cached_property
    def tells(self) -> list[bool]:
        """Of each token whether it tells of the case: what is quoted does."""
        return self._outside([*self._repeated(), self.salutation])

    def _outside(self, places: Iterable[tuple[int, int]]) -> list[bool]:
        """Of each token whether it stands in none of the places."""
        others = sorted(places)
        own = []
        for start, end in self.folded.tokens:
            while others and others[0][1] <= start:
                others.pop(0)
            own.append(not (others and others[0][0] < end and others[0][1] > start))
        return own

    @cached_property
    def greeted(self) -> list[str]:
        """The words of the salutation that may be a name."""
        start, end = self.salutation
        known = self.guide.titles | self.guide.common
        said = [
            (number, word)
            for number, one in enumerate(self.text[start:end].split())
            for word in fold_phrase(one)
        ]
        greeting = self._greeting([word for _, word in said])
        left = [one for at, one in enumerate(said) if at not in greeting]
        found: list[str] = []
        titled = False
        for _, written in groupby(left, key=itemgetter(0)):
            words = [word for _, word in written]
            if any(word in self.guide.titles for word in words):
                titled = True
            elif titled or not any(self.guide.stems.cores(word) & known for word in words):
                found += ["".join(words)] if len("".join(words)) > 1 else []
                titled = False
        return found

    @property
    def _greets_nobody(self) -> bool:
        return self.names and not self.greeted

    def is_own(self, position: int) -> bool:
        """Whether the writer's own words stand at a place of the text."""
        tokens = self.folded.tokens
        at = bisect_right(tokens, position, key=itemgetter(0)) - 1
        return at < 0 or position >= tokens[at][1] or self.own[at]

    def _repeated(self) -> Iterator[tuple[int, int]]:
        for words in self.known:
            if len(words.strip()) > 1:
                yield from _places(words.strip(), self.text)

    def hits(self, group: Group, *, anywhere: bool = False) -> list[Hit]:
        """Where the writer says what the group means, in the order of the letter."""
        meant_otherwise = self._of(group.unless)
        found = self._of(group.phrases)
        there = [pattern for pattern in group.patterns if pattern in self._patterns]
        found += [hit for pattern in there for hit in self._matched(pattern.spans(self.folded.text))]
        kept = [
            hit
            for hit in found
            if (anywhere or all(self.own[hit.first : hit.last + 1]))
            and not any(hit.touches(other) for other in meant_otherwise)
        ]
        return together(kept)

    def part(self, part: Part) -> list[Hit]:
        """Where a part's own words stand."""
        return self.hits(self.guide.parts[part])

    def said(self, check: Check) -> Iterator[tuple[Hit, str]]:
        """What a check looks for, each with a better wording."""
        found = [(hit, group.better) for group in self.guide.checks[check] for hit in self.hits(group)]
        for kept in together(hit for hit, _ in found):
            yield kept, next(better for hit, better in found if hit.touches(kept))

    @cached_property
    def dated(self) -> bool:
        """Whether something says by when: a day, or so many days beside what is planned or promised."""
        planned = [*self.part(Part.PLAN), *(hit for hit, _ in self.said(Check.PROMISE_WITHOUT_DATE))]
        sentences = {self.sentence_of[hit.first] for hit in planned}
        return any(alone or self.sentence_of[hit.first] in sentences for hit, alone in self._days())

    def _days(self) -> Iterator[tuple[Hit, bool]]:
        """What says when, of days to come, and whether it does by itself."""
        past = self._of(self.guide.parts[Part.DATE].unless)
        said = [(self._hit(span), alone) for span, alone in self.guide.days.said(self.folded, self.found)]
        said += [(hit, True) for hit in self.part(Part.DATE)]
        for hit, alone in said:
            if all(self.own[hit.first : hit.last + 1]) and not any(hit.touches(one) for one in past):
                yield hit, alone

    def where(self, hit: Hit) -> tuple[int, int]:
        """Its place in the letter, without the marks around it."""
        start, end = self.folded.tokens[hit.first][0], self.folded.tokens[hit.last][1]
        written = self.text[start:end]
        left = len(written) - len(written.lstrip(MARKS))
        return start + left, max(start + left, start + len(written.rstrip(MARKS)))

    def _of(self, phrases: range) -> list[Hit]:
        first = bisect_left(self._numbers, phrases.start)
        last = bisect_left(self._numbers, phrases.stop, lo=first)
        return [self._hit(span) for number in self._numbers[first:last] for span in self.found[number]]

    def _hit(self, span: Span) -> Hit:
        return Hit(self.folded.token_of[span.first], self.folded.token_of[span.last])

    def _matched(self, spans: Iterable[tuple[int, int]]) -> Iterator[Hit]:
        return (
            Hit(self.folded.token_at(start), self.folded.token_at(max(start, end - 1)))
            for start, end in spans
        )


def _places(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Where some words stand in a text, from and to."""
    at = text.find(words)
    while at >= 0:
        end = at + len(words)
        yield at, end
        at = text.find(words, end)


def together(hits: Iterable[Hit]) -> list[Hit]:
    """One for each stretch of the letter: those that share words are one."""
    kept: list[Hit] = []
    for hit in sorted(set(hits)):
        if kept and hit.first <= kept[-1].last:
            kept[-1] = Hit(kept[-1].first, max(hit.last, kept[-1].last))
        else:
            kept.append(hit)
    return kept
