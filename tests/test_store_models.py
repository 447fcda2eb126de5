"""Objects of tables that are made without the cost of calling their class."""

from store.models import Case, plain, values_of
from tests.facts_factory import case


def test_a_plain_object_is_what_calling_the_class_makes() -> None:
    called = case(why=[], mentions=[3])
    assert plain(Case, called.model_dump()) == called


def test_a_plain_object_has_the_defaults_of_its_table() -> None:
    made = plain(Case, {"number": 7})
    assert (made.channel, made.merged_into, made.check_ins) == ("mail", None, 0)


def test_two_plain_objects_share_nothing() -> None:
    first, second = plain(Case, {"number": 1}), plain(Case, {"number": 2})
    first.subject = "changed"
    assert (first.number, second.number, second.subject) == (1, 2, "")


def test_the_values_of_a_plain_object_are_its_columns_alone() -> None:
    values = values_of(plain(Case, case(why=[], mentions=[]).model_dump()))
    assert values.keys() == Case.model_fields.keys()
