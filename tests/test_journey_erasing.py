"""Journeys: a customer is erased, and neither the database nor a file knows them any more (promise 24)."""

from __future__ import annotations

from contextlib import closing

import pytest
from sqlalchemy import select

from engine import doing
from engine.erasing import Done, Eraser
from engine.erasing_preview import find, preview
from engine.signal_history import Texts
from store import whose
from store.database import Database
from store.writing import TABLES
from tests.erasures import files_with, tables_with
from tests.journeys import Journey
from tests.test_journey_import import archive, taken_in

SECRET = "zanzibarquux"
ADDRESS = "ann.lee@example.com"
ANN = f"Ann {SECRET.title()} <{ADDRESS}>"
MAY_GIVE = "roles: [agent, admin], authority: {EUR: {per_case: 50, per_customer_year: 50}}"
BOB = "Bob <bob@example.com>"


def erase(journey: Journey, address: str | None = ADDRESS, case: int | None = None) -> Done:
    """As the command does it, while the worker runs."""
    with closing(Database(journey.settings.DATABASE_URL)) as database:
        of = find(database, address, case, {journey.sam, journey.noa})
        agents = {journey.sam, journey.noa}
        done = Eraser(database, journey.clock, agents, "operator", {"by": "root"}).person(of)
        assert database.scour() == ""
    return done


def found(journey: Journey, *words: str) -> dict[str, list[str]]:
    with journey.worker.desk.database.read() as session:
        return tables_with(session, *words)


def do(journey: Journey, text: str, number: int | None = None) -> list[str]:
    return doing.do(journey.worker.desk, text, agent=journey.sam, number=number)


def planted(journey: Journey) -> int:
    """A case with the secret wherever a customer or an agent can put it."""
    agents = journey.rules / "agents.yaml"
    text = agents.read_text("utf-8").replace("roles: [agent, admin]", MAY_GIVE)
    agents.write_text(text, "utf-8")
    mail = journey.mail(
        f"My parcel {SECRET} never came, order {SECRET}-4711. Write to {ADDRESS}.\n\n-- \nAnn {SECRET}",
        sender=ANN,
        subject=f"Where is my {SECRET}?",
        headers={"X-Shop": SECRET, "Cc": BOB},
    )
    mail.add_attachment(f"the {SECRET}".encode(), "text", "plain", filename=f"{SECRET}.txt")
    journey.host.deliver(mail.as_bytes(), to=journey.host.address)
    journey.work()
    number = int(journey.case(ADDRESS)["number"])
    for command in (
        f"note she said {SECRET} on the phone",
        f"fact order_number {SECRET.upper()}-99",
        f"promise the {SECRET} comes in 10 days",
        f"offer voucher 10 EUR for the {SECRET}",
        f"commit we change the {SECRET}",
        f"issue {SECRET} of {ADDRESS}\ncategory: late\nen: Dear Ann {SECRET.title()}, it is known.\nend",
        f"edit\nDear Ann {SECRET},\n\nwe are sorry about the {SECRET}.\nend",
        "category damaged",
    ):
        do(journey, command, number)
    return number


def test_nothing_of_an_erased_customer_is_left_anywhere(stored_journey: Journey) -> None:
    number = planted(stored_journey)
    stored_journey.agent_replies("preview")
    before = found(stored_journey, SECRET, ADDRESS)
    assert {"mail.words", "raw.data", "event.text", "draft.body", "known_issue.title"} <= set(before)
    with stored_journey.worker.desk.database.read() as session:
        raws = [data for data in session.execute(select(TABLES["raw"].c.data)).scalars() if len(data) > 200]
    done = erase(stored_journey)
    assert done.cases == [number]
    assert found(stored_journey, SECRET, ADDRESS) == {}
    parts = [SECRET.encode(), SECRET.title().encode(), ADDRESS.encode(), *(raw[64:128] for raw in raws)]
    assert files_with(stored_journey.folder, *parts) == []


def test_the_frame_of_the_case_stays_for_the_figures(stored_journey: Journey) -> None:
    number = planted(stored_journey)
    erase(stored_journey)
    case = stored_journey.case_of(number)
    assert (case["status"], case["category"], case["customer"], case["subject"]) == (
        "closed",
        "damaged",
        "",
        "",
    )
    [paid] = stored_journey.shown(number)["compensations"]
    assert (paid["amount"], paid["reason"]) == ("10.00", "")
    [event] = [one for one in stored_journey.events("erased") if one["case"] == number]
    assert (event["actor"], event["data"]) == ("operator", {"by": "root"})


# Nothing brings it back


def test_mail_that_is_still_on_the_server_is_not_taken_in_again(stored_journey: Journey) -> None:
    mail = stored_journey.mail("It is broken.", sender=ANN, subject="Broken")
    stored_journey.host.deliver(mail.as_bytes(), to=stored_journey.host.address)
    stored_journey.work()
    erase(stored_journey)
    stored_journey.host.deliver(mail.as_bytes(), to=stored_journey.host.address)
    stored_journey.work()
    assert len(stored_journey.cases()) == 1
    assert found(stored_journey, ADDRESS) == {}


def test_an_import_of_old_mail_does_not_bring_it_back(quick_journey: Journey) -> None:
    quick_journey.work()
    folder = archive(quick_journey)
    taken_in(quick_journey, folder)
    answer = found(quick_journey, "It leaves today")
    assert "raw.data" in answer
    erase(quick_journey, "ann@example.com")
    done = taken_in(quick_journey, folder)
    assert (done.mails, done.answers, done.erased) == (0, 0, 3)
    assert found(quick_journey, "ann@example.com", "It leaves today", "AB-47110") == {}


def test_who_was_erased_and_writes_again_is_a_new_customer(stored_journey: Journey) -> None:
    stored_journey.customer_writes("It is broken.", sender=ANN)
    stored_journey.work()
    acknowledgement = stored_journey.letters(ADDRESS)[-1]
    erase(stored_journey)
    stored_journey.reply(acknowledgement, "And now?", sender=ANN)
    stored_journey.work()
    old, new = sorted(stored_journey.cases(), key=lambda case: case["number"])
    assert (old["customer"], new["customer"], new["status"]) == ("", ADDRESS, "new")
    assert [mail["words"] for mail in stored_journey.shown(old["number"])["mails"]] == [""]


def test_nothing_leaves_for_somebody_who_was_erased(stored_journey: Journey) -> None:
    stored_journey.customer_writes("It is broken.", sender=ANN)
    stored_journey.work()
    number = int(stored_journey.case(ADDRESS)["number"])
    do(stored_journey, "edit\nDear Ann, it is mended.\nend\napprove\nresolve", number)
    erase(stored_journey)
    sent = len(stored_journey.letters(ADDRESS))
    stored_journey.clock.skip(days=30)
    stored_journey.work()
    assert len(stored_journey.letters(ADDRESS)) == sent, "no answer, no check-in, no reminder"
    with pytest.raises(doing.NotDone, match="was erased"):
        do(stored_journey, "note she phoned", number)
    with pytest.raises(doing.NotDone, match="was erased"):
        do(stored_journey, "reopen", number)


def test_a_reply_of_an_agent_to_what_was_mailed_before_changes_nothing(quick_journey: Journey) -> None:
    quick_journey.customer_writes(f"My {SECRET} is broken.", sender=ANN)
    quick_journey.work()
    erase(quick_journey)
    quick_journey.agent_replies(f"edit\nDear Ann, your {SECRET} is mended.\nend\napprove")
    assert len(quick_journey.letters(ADDRESS)) == 1
    case = quick_journey.shown(int(quick_journey.cases()[0]["number"]))
    assert (case["status"], [draft["body"] for draft in case["drafts"]]) == ("closed", [""])


def test_a_worker_that_remembers_words_forgets_them_with_the_case(quick_journey: Journey) -> None:
    for name in ("ann.lee", "bob", "eve"):
        quick_journey.customer_writes(f"The {SECRET} hums.", sender=f"{name}@example.com", subject="Odd")
    quick_journey.work()
    texts, now = Texts(), quick_journey.clock()
    categories = {str(case["category"]) for case in quick_journey.cases()}

    def remembered() -> set[int]:
        with quick_journey.worker.desk.database.read() as session:
            read = texts.gathered(session, sorted(categories), now)
        assert read is not None
        return {text.case.number for text in read[0]}

    assert remembered() == {1001, 1002, 1003}
    erased = int(quick_journey.case(ADDRESS)["number"])
    erase(quick_journey)
    assert remembered() == {1001, 1002, 1003} - {erased}
    assert erased not in texts._known


# Several people


def test_one_of_several_people_is_erased_and_the_case_of_the_others_goes_on(stored_journey: Journey) -> None:
    stored_journey.customer_writes(
        "The kettle leaks. My wife writes more.", sender=BOB, subject="Kettle", headers={"Cc": ANN}
    )
    stored_journey.work()
    letter = stored_journey.letters("bob@example.com")[-1]
    stored_journey.reply(letter, f"It leaks at the {SECRET}.", sender=ANN)
    stored_journey.work()
    number = int(stored_journey.case("bob@example.com")["number"])
    do(stored_journey, f"note {ADDRESS} phoned, Ann {SECRET}", number)
    done = erase(stored_journey)
    assert (done.cases, done.in_part) == ([], [number])
    assert found(stored_journey, SECRET, ADDRESS) == {}
    case = stored_journey.shown(number)
    assert (case["status"], case["participants"]) == ("new", ["bob@example.com"])
    assert "The kettle leaks. My wife writes more." in [mail["words"] for mail in case["mails"]]
    assert any(b"The kettle leaks" in raw for raw in stored_journey.raws())
    stored_journey.customer_writes(
        "Any news?", sender=BOB, headers={"In-Reply-To": str(letter["Message-ID"])}
    )
    stored_journey.work()
    assert len(stored_journey.cases()) == 1


def test_the_preview_says_who_else_wrote_and_changes_nothing(quick_journey: Journey) -> None:
    quick_journey.customer_writes("The kettle leaks.", sender=ANN, headers={"Cc": BOB})
    quick_journey.work()
    quick_journey.reply(quick_journey.letters(ADDRESS)[-1], "Mine too.", sender=BOB)
    quick_journey.work()
    before = found(quick_journey, ADDRESS)
    with quick_journey.worker.desk.database.read() as session:
        told = "\n".join(preview(session, whose.find(session, ADDRESS)))
    assert "in case 1001 bob@example.com wrote too" in told
    assert "cases of theirs: 1 (1001)" in told
    assert "mails: 2" in told
    assert found(quick_journey, ADDRESS) == before
    with quick_journey.worker.desk.database.read() as session:
        assert preview(session, whose.find(session, "nobody@example.com")) == []


def test_somebody_elses_similar_address_is_left_alone(quick_journey: Journey) -> None:
    for sender in ("ann_lee@example.com", "annxlee@example.com", "joann.lee@example.com"):
        quick_journey.customer_writes(f"From {sender}.", sender=sender)
    quick_journey.customer_writes("Tagged.", sender="Ann.Lee+shop@example.com")
    quick_journey.work()
    done = erase(quick_journey)
    assert len(done.cases) == 1
    assert sorted(case["customer"] for case in quick_journey.cases()) == [
        "",
        "ann_lee@example.com",
        "annxlee@example.com",
        "joann.lee@example.com",
    ]
