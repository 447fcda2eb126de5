"""rules/extractors.yaml → extractors that can be looked for, noting each mistake at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from cases.naming import folded
from cases.rules.extracting import Compiled, Extracting, GroupPattern
from cases.rules.extracting_values import LONGEST, Values, key, same
from cases.rules.extractors import BY_THEMSELVES, NAMED, Extractor, ExtractorsFile, FactKind
from cases.rules.fold import fold
from cases.rules.matching import Phrase
from cases.rules.strict_yaml import Document, Path
from cases.rules.vocabulary import Affixes
from language.normalise import normalise
from language.problem import Problem
from language.words import Words

Made = TypeVar("Made")
Mistake = tuple[Path, str]


def compiled(
    document: Document, file: ExtractorsFile, words: Iterable[Words]
) -> tuple[Extracting, tuple[Problem, ...]]:
    """The extractors, and every mistake; the examples are tried where there is no other."""
    compiler = _Compiler(file, Values(words))
    extracting = compiler.extracting()
    mistakes = [*_alike(file), *compiler.mistakes]
    if not mistakes:
        mistakes = list(_wrong_examples(extracting))
    places = ((document.place(at, key=_is_name(at)), said) for at, said in mistakes)
    return extracting, tuple(Problem(document.file, *place, said) for place, said in places)


def _is_name(path: Path) -> bool:
    """Whether it is the path of a fact, or of a value: these are told at their names."""
    return len(path) == 2 or (len(path) == 4 and path[2] == "names")


class _Compiler:
    def __init__(self, file: ExtractorsFile, values: Values) -> None:
        self._file, self._values = file, values
        self._affixes = Affixes.of(file.prefixes, file.suffixes)
        self._phrases: list[Phrase] = []
        self.mistakes: list[Mistake] = []

    def extracting(self) -> Extracting:
        extractors = [self._one(name, about) for name, about in self._file.extractors.items()]
        return Extracting(extractors, self._phrases, self._values)

    def _one(self, name: str, about: Extractor) -> Compiled:
        path = ("extractors", name)
        self.mistakes += ((path, said) for said in _nothing_to_find(about))
        patterns = self._each(about.patterns, GroupPattern, (*path, "patterns"))
        near = self._each(about.near, self._phrase, (*path, "near"))
        first = len(self._phrases)
        self._phrases += near
        named: dict[int, str] = {}
        known: dict[str, str] = {}
        for value, others in about.names.items():
            here = (*path, "names", value)
            self._long(value, here)
            for spelling, at in ((value, here), *((one, (*here, n)) for n, one in enumerate(others))):
                self._named(spelling, value, at, named, known)
        never = frozenset(map(key, about.not_))
        return Compiled(name, about, tuple(patterns), range(first, first + len(near)), named, known, never)

    def _phrase(self, written: str) -> Phrase:
        return Phrase.of(written, self._affixes)

    def _long(self, value: str, path: Path) -> None:
        if len(value) > LONGEST:
            self.mistakes.append((path, f"a name has at most {LONGEST} letters; shorten it"))

    def _named(
        self, spelling: str, value: str, path: Path, named: dict[int, str], known: dict[str, str]
    ) -> None:
        """One way to write a value."""
        other = known.setdefault(key(spelling), value)
        if other != value:
            said = f"'{spelling}' is a name of '{other}' too; keep it at one of them"
            self.mistakes.append((path, said))
        for phrase in self._each([spelling], self._phrase, path):
            named[len(self._phrases)] = value
            self._phrases.append(phrase)

    def _each(self, texts: Iterable[str], make: Callable[[str], Made], path: Path) -> list[Made]:
        good: list[Made] = []
        for number, text in enumerate(texts):
            try:
                good.append(make(text))
            except ValueError as error:
                self.mistakes.append(((*path, number), str(error)))
        return good


def _nothing_to_find(about: Extractor) -> Iterator[str]:
    kind = about.kind.value
    if about.names and about.kind not in NAMED:
        yield f"a value of kind {kind} has no names; delete 'names', or make the kind 'text'"
    if about.near and about.names and not about.patterns:
        yield "names count wherever they stand; delete 'near', or add 'patterns' that it is for"
    if about.patterns or about.names or about.kind in BY_THEMSELVES:
        return
    if about.kind is FactKind.NUMBER:
        wanted = r"'patterns' with a line such as 'order (\d+)'"
    else:
        wanted = r"'names' with the values, or 'patterns' with a line such as 'model (\w+)'"
    near = "'near' only says beside which words a value counts; " if about.near else ""
    yield f"{near}say also how the {kind} itself is known: add {wanted}"


def _alike(file: ExtractorsFile) -> Iterator[Mistake]:
    """A name says which fact is meant, as in 'fact NAME VALUE': no two facts share one."""
    known: dict[str, str] = {}
    for name, about in file.extractors.items():
        for called, path in (
            (name, ("extractors", name)),
            *((one, ("extractors", name, "called", language)) for language, one in about.called.items()),
        ):
            other = known.setdefault(folded(called), name)
            if other != name:
                yield path, f"'{other}' is called '{called}' too; choose another name for one of them"


def _wrong_examples(extracting: Extracting) -> Iterator[Mistake]:
    for name, about in extracting.names.items():
        path = ("extractors", name, "examples")
        for text, values in about.examples.match.items():
            if said := _wrong(extracting, name, text, values):
                yield (*path, "match", text), said
        for number, text in enumerate(about.examples.no_match):
            if found := _found(extracting, name, text):
                said = f"'{name}' finds '{found[0]}' in this example; change its patterns or the example"
                yield (*path, "no-match", number), said


def _wrong(extracting: Extracting, name: str, text: str, values: Iterable[str]) -> str:
    """What is wrong with an example; "" when it gives just these values."""
    wanted = same([extracting.value(name, one) or one for one in values])
    found = _found(extracting, name, text)
    if not wanted:
        return "say which value this example gives, or move it to 'no-match'"
    if found == wanted:
        return ""
    gives = " and ".join(f"'{one}'" for one in found) or "nothing"
    instead = " and ".join(f"'{one}'" for one in wanted)
    return f"'{name}' finds {gives} in this example instead of {instead}; change its patterns or the example"


def _found(extracting: Extracting, name: str, text: str) -> tuple[str, ...]:
    languages = extracting.names[name].languages
    facts = extracting.facts_in(fold("", text), language=languages[0] if languages else "")
    return tuple(fact.value for fact in facts if normalise(fact.name) == normalise(name))
