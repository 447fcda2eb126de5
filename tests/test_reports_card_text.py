"""Lines of a card: no wider than their place, and each a whole by itself."""

from reports.card_text import is_within, lines, width


def test_text_is_filled_into_lines_of_a_width() -> None:
    said = lines("Write to us, and a person reads it.", 12)
    assert " ".join(said) == "Write to us, and a person reads it."
    assert len(said) == 2
    assert is_within(said, 12)
    assert not is_within(said, 8)


def test_own_line_ends_stay() -> None:
    assert lines("Thank you\nThe shop", 50) == ["Thank you", "The shop"]


def test_a_long_address_is_broken_where_addresses_are_and_a_long_word_sticks_out() -> None:
    said = lines("to customer-care@department.example.com now", 14)
    assert "".join(said).replace(" ", "") == "tocustomer-care@department.example.comnow"
    assert any(line.endswith(("@", ".", "-")) for line in said)
    assert is_within(said, 14)
    assert not is_within(lines("Beschwerdemanagementabteilung", 8), 8)


def test_signs_that_take_no_room_are_not_counted() -> None:
    assert width("می\u200cخواهم") == width("میخواهم")
    assert width("أوّلًا") == width("أولا")
    assert width("\u2068a\u2069") == width("a")


def test_what_is_isolated_over_two_lines_is_so_in_both() -> None:
    said = lines("فروشگاه \u2068Example Shop of Tehran\u2069 است", 8)
    assert len(said) > 2
    for line in said:
        assert line.count("\u2068") == line.count("\u2069")
    assert "".join(said).replace("\u2068", "").replace("\u2069", "").replace(" ", "") == (
        "فروشگاهExampleShopofTehranاست"
    )
