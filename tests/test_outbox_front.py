"""The front matter of letters: subject, kind and parts, and what each mistake is told."""

import pytest

from outbox.kinds import KINDS, kind_of
from outbox.variables import LETTERS
from outbox.written import read

GOOD = 'subject: "Hello"\nkind: acknowledgement\nparts: [thanks, date]\n'


def written(front: str, letter: str = "ack_praise", *, drafted: bool = False) -> list[tuple[int, int, str]]:
    """The problems of a letter with this front matter: line, column, message."""
    _, problems = read("f.md", f"---\n{front}---\nText\n", letter, drafted=drafted)
    return [(one.line, one.column, one.message) for one in problems]


def test_a_letter_says_its_subject_and_its_parts() -> None:
    letter, problems = read("f.md", f"---\n{GOOD}---\nText\n", "ack_praise", drafted=False)
    assert problems == []
    assert (letter.front.subject, letter.front.subject_line) == ("Hello", 2)
    assert letter.front.parts == ("thanks", "date")
    assert (letter.body, letter.body_line) == ("Text\n", 6)


def test_parts_that_are_left_out_are_not_none_of_them() -> None:
    said_nothing, _ = read("f.md", "---\nsubject: x\n---\nText", "ack_praise", drafted=False)
    said_none, _ = read("f.md", "---\nparts: []\n---\nText", "answer/late", drafted=True)
    assert (said_nothing.front.parts, said_none.front.parts) == (None, ())


def test_parts_may_stand_below_each_other() -> None:
    letter, problems = read(
        "f.md", "---\nparts:\n  - thanks\n  - plan\n---\nText", "answer/late", drafted=True
    )
    assert (problems, letter.front.parts) == ([], ("thanks", "plan"))


@pytest.mark.parametrize(
    ("front", "line", "column", "says"),
    [
        ('subject: "x"\nprats: [thanks]\n', 3, 1, "“prats” is unknown; did you mean “parts”?"),
        ('subject: "x"\nkind: aknowledgement\n', 3, 7, "no kind “aknowledgement”; did you mean “ack"),
        ('subject: "x"\nkind: holding\n', 3, 7, "write kind: acknowledgement, or take this line out"),
        ('subject: "x"\nkind: [admin]\n', 3, 7, "write one kind, such as kind: acknowledgement"),
        ('subject: "x"\nparts: thanks\n', 3, 8, "square brackets, such as parts: [thanks"),
        ('subject: "x"\nparts: [thanks, apolgy]\n', 3, 17, "no part “apolgy”; did you mean “apology”?"),
        ('subject: "x"\nparts: [thanks, thanks]\n', 3, 17, "“thanks” stands here twice"),
        ('subject: "x"\nparts: [[thanks]]\n', 3, 9, "write single words here"),
        ('subject: "x"\nkind: admin\nkind: admin\n', 4, 1, "“kind” stands here twice"),
        ("subject: [x]\n", 2, 10, "put it between quotes"),
        ('subject: "x"\nparts: *all\n', 3, 8, "write key"),
    ],
)
def test_a_mistake_is_told_where_it_is(front: str, line: int, column: int, says: str) -> None:
    found = written(front)
    assert (line, column) in [place[:2] for place in found]
    assert says in " ".join(message for *_, message in found)


def test_an_answer_has_parts_only() -> None:
    found = written('subject: "x"\nkind: answer\npart: [plan]\n', "answer/late", drafted=True)
    assert [(line, column) for line, column, _ in found] == [(2, 1), (3, 1), (4, 1)]
    assert "has no subject of its own; take this line out" in found[0][2]
    assert "needs no “kind”" in found[1][2]
    assert "did you mean “parts”?" in found[2][2]


def test_an_open_front_matter_of_an_answer_is_told_without_a_subject() -> None:
    _, (problem,) = read("f.md", "---\nparts: [plan]\nText", "answer/late", drafted=True)
    assert "subject" not in problem.message


def test_every_letter_has_a_kind_and_every_kind_a_letter() -> None:
    assert {kind_of(letter) for letter in LETTERS} == set(KINDS)
    assert kind_of("answer") == kind_of("answer/late") == "answer"
    assert kind_of("transcript") == "agent"
