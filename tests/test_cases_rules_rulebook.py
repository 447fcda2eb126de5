from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from cases.rules.agents_checks import ours_among
from cases.rules.classify import classify
from cases.rules.durations import Duration, Unit
from cases.rules.loading import load, version_of
from cases.rules.rulebook import Rulebook
from cases.rules.types import Role
from language.signs import Signs
from store.models import CaseKind, Fault, Severity
from tests import shipped

RULES = Path(__file__).parent.parent / "rules"

CATEGORIES = """\
categories:
  late: {kind: complaint, description: Comes late., check_in_after: 3 days, answer_within: 2 working days}
  thanks: {kind: praise, description: Content., answer_template: praise}
  unsure: {kind: other, description: Not known., answer_template: default}
"""
AGENTS = "agents:\n  - {address: Dana@Example.com, name: Dana, roles: [agent, admin], languages: [he]}\n"
CALENDAR = """\
time_zone: Asia/Tehran
weekend: [friday]
other_hours: {thursday: 09:00-13:00}
holidays: [2027-03-21]
"""
RULE = """\
language: en
rules:
  - name: late-en
    when: {phrase: [still waiting]}
    says: {category: late}
"""
SMALL = {
    "categories.yaml": CATEGORIES,
    "agents.yaml": AGENTS,
    "calendar.yaml": CALENDAR,
    "phrases/en.yaml": RULE,
}


def every_file() -> dict[str, str]:
    return {str(path.relative_to(RULES)): path.read_text("utf-8") for path in RULES.rglob("*.yaml")}


def good(**changes: str) -> Rulebook:
    rulebook, problems = load({**SMALL, **{_name(key): text for key, text in changes.items()}})
    assert problems == []
    assert rulebook is not None
    return rulebook


def told(**changes: str) -> list[str]:
    files = {**SMALL, **{_name(key): text for key, text in changes.items()}}
    rulebook, problems = load(files, answers={"late", "praise", "question", "default"})
    assert rulebook is None
    return [str(problem) for problem in problems]


def _name(key: str) -> str:
    return f"{key.replace('__', '/')}.yaml"


def rule(when: str, says: str = "{category: late}", more: str = "") -> str:
    return f"rules:\n  - name: r\n    when: {when}\n    says: {says}\n{more}"


def test_the_shipped_rules_have_no_problem() -> None:
    rulebook, problems = load(every_file())
    assert problems == []
    assert rulebook is not None
    assert rulebook.with_role(Role.ADMIN)


def test_each_shipped_cause_is_known_by_phrases_of_all_four_languages() -> None:
    rulebook = shipped.rules()
    for name in set(rulebook.categories) - {"unsure"}:
        for language in ("fa", "he", "ar", "en"):
            phrases = [
                phrase
                for written in rulebook.written.value
                if written.language == language and written.rule.says.category == name
                for phrase in written.rule.when.phrase
            ]
            assert len(phrases) >= 15, (name, language)


def test_a_small_rulebook_says_what_its_files_say() -> None:
    rulebook = good()
    late = rulebook.categories["late"]
    assert (late.name, late.kind, late.severity, late.fault) == (
        "late", CaseKind.COMPLAINT, Severity.NORMAL, Fault.UNKNOWN,
    )  # fmt: skip
    assert late.answer_template == "late"
    assert late.check_in_after == Duration(3, Unit.DAYS)
    assert late.answer_within == Duration(2, Unit.WORKING_DAYS)
    assert rulebook.agents[0].address == "dana@example.com"
    assert rulebook.agent("DANA@example.com") is rulebook.agents[0]
    assert [one.name for one in rulebook.rules] == ["late-en"]


def test_the_shipped_signs_of_programs_are_the_ones_that_hold_without_a_file() -> None:
    rulebook = shipped.rules()
    assert rulebook.signs == Signs() == good().signs == good(automatic="# nothing\n").signs


def test_a_list_of_signs_that_is_given_takes_the_place_of_the_usual_one_alone() -> None:
    signs = good(automatic="precedence: slow\nmost_received: 9\nlist_fields: []\n").signs
    assert (signs.precedence, signs.most_received, signs.list_fields) == (("slow",), 9, ())
    assert signs.program_fields == Signs().program_fields


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("precedens: [bulk]\n", "1:1", "did you mean 'precedence'?"),
        ("precedence:\n", "1:12", "nothing is written here"),
        ("precedence: [true]\n", "1:14", "write 'true' in quotes"),
        ("program_fields:\n  - X-Auto Reply\n", "2:5", "without colon or spaces: 'X-Autoreply'"),
        ("program_fields: ['X-Autoreply:']\n", "1:18", "without colon or spaces"),
        ("unanswered_fields: ['*']\n", "1:21", "this fits every mail"),
        ("program_values: [X-Mailer]\n", "1:18", "write a header field and its value"),
        ("program_values: ['X-Mailer: *']\n", "1:18", "write a header field and its value"),
        ("program_values:\n  - X-Mailer: vacation\n", "2:5", "because of its colon"),
        ("system_senders: [no-reply@shop.example]\n", "1:18", "before the @"),
        (f"subjects: [{'x' * 300}]\n", "1:12", "longer than 200"),
        ("most_received: many\n", "1:16", "write a whole number"),
        ("most_received: 0\n", "1:16", "of at least 1"),
    ],
)
def test_each_mistake_in_the_signs_is_told_where_it_stands(text: str, place: str, words: str) -> None:
    (problem,) = told(automatic=text)
    assert problem.startswith(f"automatic.yaml:{place}: ")
    assert words in problem


def test_the_calendar_knows_rest_days_half_days_and_holidays() -> None:
    calendar = good().calendar
    assert calendar.hours_on(date(2027, 3, 19)) is None  # a Friday
    assert calendar.hours_on(date(2027, 3, 21)) is None  # the holiday
    thursday = calendar.hours_on(date(2027, 3, 18))
    assert thursday is not None
    assert thursday.end == time(13)


@pytest.mark.parametrize(
    ("written", "duration"),
    [
        ("30 minutes", Duration(30, Unit.MINUTES)),
        ("1 hour", Duration(1, Unit.HOURS)),
        ("8 working hours", Duration(8, Unit.WORKING_HOURS)),
        ("3 working days", Duration(3, Unit.WORKING_DAYS)),
        ("2 weeks", Duration(14, Unit.DAYS)),
    ],
)
def test_durations_are_read_as_people_write_them(written: str, duration: Duration) -> None:
    assert Duration.parse(written) == duration


def test_only_time_on_the_clock_has_a_length_of_its_own() -> None:
    assert Duration.parse("36 hours").elapsed == timedelta(hours=36)
    with pytest.raises(ValueError, match="calendar"):
        _ = Duration.parse("3 working days").elapsed


@pytest.mark.parametrize("written", ["", "soon", "4", "hours 4", "-1 days", "4h", "2 working weeks"])
def test_an_unreadable_duration_says_what_to_write(written: str) -> None:
    with pytest.raises(ValueError, match="write a number and a unit"):
        Duration.parse(written)


def test_all_mistakes_of_all_files_are_told_at_once_with_their_places() -> None:
    problems = told(
        categories=CATEGORIES.replace("3 days", "soon").replace("kind: praise", "knd: praise"),
        agents="agents:\n  - {address: dana, name: Dana, roles: [agnt]}\n",
        calendar="time_zone: Teheran\nweekend: [fryday]\n",
    )
    assert [problem.split(": ")[0] for problem in problems] == [
        "agents.yaml:2:15",
        "agents.yaml:2:41",
        "calendar.yaml:1:12",
        "calendar.yaml:2:11",
        "categories.yaml:2:69",
        "categories.yaml:3:11",
        "categories.yaml:3:12",
    ]
    assert "did you mean 'agent'?" in problems[1]
    assert "'Asia/Tehran'" in problems[2]
    assert "did you mean 'friday'?" in problems[3]
    assert "'3 working days'" in problems[4]
    assert "'kind' is missing" in problems[5]
    assert "did you mean 'kind'?" in problems[6]


def test_a_missing_file_and_a_wrong_ending_are_told() -> None:
    files = {**SMALL, "phrases/fa.yml": RULE}
    del files["calendar.yaml"]
    problems = [str(problem) for problem in load(files)[1]]
    assert problems[0].startswith("calendar.yaml: this file is missing")
    assert "rename this file to 'phrases/fa.yaml'" in problems[1]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (rule("{phrase: late}", "{category: layte}"), "4:22", "did you mean 'late'?"),
        (rule("{phrase: late}", "{assign: dena@example.com}"), "4:20", "did you mean 'dana@example.com'?"),
        (rule("{phrase: late}", "{severity: hihg}"), "4:22", "did you mean 'high'?"),
        (rule("{phrase: late}", "{}"), "4:11", "says nothing"),
        (rule("{phrase: late}", "{tag: x, stop: true}"), "4:26", "category"),
        (rule("{phrase: late}", "{category: late, stop: yes}"), "4:34", "write true or false"),
        (rule("{phrase: 404}"), "3:20", "write '404' in quotes"),
        (rule("{phrase: [yes, true]}"), "3:26", "write 'true' in quotes"),
        (rule("{phrase: [a: b]}"), "3:21", "because of its colon"),
        (rule("{phrase: '* late'}"), "3:20", "stands between words"),
        (rule("{phrase: '!!'}"), "3:20", "no words"),
        (rule("{phrases: late}"), "3:12", "did you mean 'phrase'?"),
        (rule("{}"), "3:11", "at least one thing"),
        (rule("{not: {phrse: late}}"), "3:18", "did you mean 'phrase'?"),
        (rule("{pattern: '(?=x)'}"), "3:21", "'(?=' at sign 1 looks around"),
        (rule(r"{pattern: '(a)\1'}"), "3:21", "refers back"),
        (rule("{pattern: 'a('}"), "3:21", "can't be read"),
        (rule(r"{pattern: 'a\bb'}"), "3:21", "beginning and end"),
        (rule("{pattern: 'a*'}"), "3:21", "every mail"),
        (rule("{language: Persian}"), "3:22", "'fa'"),
        (rule("{phrase: late}", more="    weight: heavy\n"), "5:13", "write a number"),
        (rule("{phrase: late}", more="    weight: 0\n"), "5:13", "above 0"),
        (rule("{phrase: late}", more="    examples: {match: [early]}\n"), "5:24", "doesn't match"),
        (
            rule("{phrase: late}", more="    examples: {no-match: [too late]}\n"),
            "5:27",
            "matches 'too late' because of 'late'",
        ),
        (rule("{phrase: late}", more="    examples: {nomatch: [a]}\n"), "5:16", "did you mean 'no-match'?"),
        (rule("late"), "3:11", "key: value"),
        ("rules: []\n", "1:8", "write at least one"),
        ("rules:\n  name: r\n", "2:3", "write a list"),
    ],
)
def test_each_mistake_in_a_rule_is_told_where_it_stands(text: str, place: str, words: str) -> None:
    (problem,) = told(mine=text)
    assert problem.startswith(f"mine.yaml:{place}: ")
    assert words in problem


def test_two_rules_may_not_share_a_name() -> None:
    (problem,) = told(phrases__fa=RULE)
    assert "phrases/fa.yaml:3:11: 'late-en' is the name of another rule (phrases/en.yaml, line 3)" in problem


def test_somebody_must_be_admin() -> None:
    (problem,) = told(agents=AGENTS.replace(", admin", ""))
    assert "nobody is admin" in problem


def test_an_agent_stands_once() -> None:
    (problem,) = told(agents=AGENTS + "  - {address: dana@example.com, name: D}\n")
    assert "listed twice" in problem


def test_unsure_must_be_a_category() -> None:
    (problem,) = told(categories=CATEGORIES.replace("unsure", "dunno"))
    assert "the category 'unsure', for cases of which no rule is sure, is missing" in problem


def test_a_category_names_a_known_answer_template() -> None:
    (problem,) = told(categories=CATEGORIES.replace("answer_template: praise", "answer_template: prase"))
    assert "did you mean 'praise'?" in problem


def test_routes_name_known_categories_and_agents() -> None:
    problems = told(routing="routes:\n  - {category: lte, assign: [x@example.com]}\n")
    assert [problem.split(": ")[0] for problem in problems] == ["routing.yaml:2:16", "routing.yaml:2:30"]


def test_routes_name_teams_that_agents_are_in() -> None:
    agents = "agents:\n  - {address: a@example.com, name: A, roles: [admin], team: parcels}\n"
    [problem] = told(agents=agents, routing="routes:\n  - {team: parcel}\n")
    assert "did you mean 'parcels'?" in str(problem)


@pytest.mark.parametrize("route", ["{category: late}", "{assign: [], team: null}"])
def test_a_route_goes_to_somebody(route: str) -> None:
    assert any("say who gets these cases" in str(one) for one in told(routing=f"routes:\n  - {route}\n"))


def test_an_agents_hours_are_checked() -> None:
    agents = "agents:\n  - {address: a@example.com, name: A, roles: [admin], working_hours: 9 to 5}\n"
    assert any("write the hours as from-to" in str(one) for one in told(agents=agents))


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("name: Noa, languages: [xx]", "there is no language 'xx'"),
        ("name: dana", "another agent is called 'dana' too"),
        ("name: Approver", "is the word for a role"),
        ("name: Noa, authority: {EUR: 50}", "write both limits: {per_case: 50, per_customer_year: 50}"),
        ("name: Noa, working_hours: 17:00-09:00", "write the earlier time first"),
    ],
)
def test_each_mistake_about_an_agent_is_told_where_it_stands(agent: str, words: str) -> None:
    (problem,) = told(agents=f"{AGENTS}  - {{address: noa@example.com, {agent}}}\n")
    assert "agents.yaml:3:" in problem
    assert words in problem


def test_a_command_of_any_language_is_no_agents_name() -> None:
    words = {"words__he": "language: he\nname: עברית\ncommands:\n  take: [לוקח]\n"}
    for name in ("לוקח", "Take"):
        agents = f"{AGENTS}  - {{address: noa@example.com, name: {name}}}\n"
        (problem,) = told(agents=agents, **words)
        assert "agents.yaml:3:" in problem
        assert "is the word for a command" in problem


def test_a_route_to_a_team_where_there_is_none_says_how_to_make_one() -> None:
    (problem,) = told(routing="routes:\n  - {category: late, team: parcels}\n")
    assert problem.startswith("routing.yaml:2:")
    assert "write 'team: parcels' at those who are in it, in agents.yaml" in problem


@pytest.mark.parametrize(
    "address",
    ["complaints@example.com", "Complaints@Example.com", "complaints+noa@example.com", "box@example.com"],
)
def test_the_mailbox_that_is_read_is_no_agents(address: str) -> None:
    text = f"{AGENTS}  - {{address: {address}, name: Noa}}\n"
    agents = good(agents=text).agents
    ours = ("complaints+ours@example.com", "BOX@example.com", "login")
    (problem,) = ours_among(agents, ours, text, "agents.yaml")
    assert (problem.line, problem.column) == (3, 15)
    assert "the address at which they read mail themselves" in problem.message
    assert list(ours_among(good().agents, ours, text, "agents.yaml")) == []


def test_routes_are_kept_in_order() -> None:
    rulebook = good(
        routing="routes:\n  - {language: fa, assign: dana@example.com}\n  - {assign: dana@example.com}\n"
    )
    assert [route.language for route in rulebook.routes] == [("fa",), ()]


def test_words_come_english_first() -> None:
    words = {f"words__{name}": f"language: {name}\nname: x\n" for name in ("fa", "ar", "en")}
    assert [one.language for one in good(**words).words] == ["en", "ar", "fa"]


def test_a_mistake_in_words_is_told() -> None:
    (problem,) = told(words__en="language: en\nname: English\ncourtsey: [thanks]\n")
    assert "did you mean 'courtesy'?" in problem


def test_the_version_changes_with_any_text_or_name() -> None:
    versions = {
        version_of(SMALL),
        version_of({**SMALL, "x.yaml": ""}),
        version_of({**SMALL, "calendar.yaml": ""}),
    }
    assert len(versions) == 3
    assert good().version == version_of(SMALL)
    assert len(good().version) == 12


def test_sender_header_language_and_nested_conditions_hold_together() -> None:
    either = r"[{language: fa}, {pattern: '\bno\d+\b'}]"
    when = f"{{sender: '*@big.example', header: 'X-Shop: nor*', any: {either}, not: {{phrase: joke}}}}"
    rulebook = good(mine=rule(when, "{tag: vip, assign: dana@example.com}"))

    def tags(
        text: str, sender: str = "Boss@BIG.example", shop: str = "North", language: str = "en"
    ) -> tuple[str, ...]:
        verdict = classify(
            subject="",
            text=text,
            language=language,
            rulebook=rulebook,
            sender=sender,
            headers=[("x-shop", shop)],
        )
        return verdict.tags

    assert tags("see no۱۲") == ("vip",)
    assert tags("hello", language="fa") == ("vip",)
    assert tags("hello") == ()
    assert tags("see no12", sender="a@small.example") == ()
    assert tags("see no12", shop="south") == ()
    assert tags("see no12, a joke") == ()


def test_the_files_name_people_by_role_address_or_team() -> None:
    noa = "  - {address: noa@example.com, name: Noa, roles: [owner], team: phones}\n"
    rulebook = good(agents=AGENTS + noa)
    named = {
        who: [one.name for one in rulebook.named(who)]
        for who in ("admin", "Owner", "DANA@example.com", "phones", "approver", "nobody@example.com", "cars")
    }
    assert named == {
        "admin": ["Dana"],
        "Owner": ["Noa"],
        "DANA@example.com": ["Dana"],
        "phones": ["Noa"],
        "approver": [],
        "nobody@example.com": [],
        "cars": [],
    }
