"""By what somebody is recognised whom a reporter names as people do."""

import pytest

from accounts.tests.factories import UserFactory
from concerns import identity


@pytest.mark.parametrize(
    ("typed", "marks"),
    [
        ("Dr Lovelace", {("word", "dr"), ("word", "lovelace")}),
        ("ADA lovelace, ada", {("word", "ada"), ("word", "lovelace")}),
        ("Ada.Lovelace@LSE.example.", {("address", "ada.lovelace@lse.example")}),
        ("<ada@lse.example>; Bo", {("address", "ada@lse.example"), ("word", "bo")}),
        ("José Núñez", {("word", "jose"), ("word", "nunez")}),
        ("Anne-Marie O’Brien", {("word", w) for w in ("anne", "marie", "brien", "obrien")}),
        ("Søren Łukasz", {("word", "soren"), ("word", "lukasz")}),
        ("王伟", {("word", "王伟")}),
        ("J. 12 _ !", set()),
    ],
)
def test_names_and_addresses_are_read_as_people_write_them(typed, marks):
    assert identity.marks_in(typed) == marks


@pytest.mark.django_db
def test_a_person_is_recognised_by_account_every_address_and_each_word_of_the_name():
    user = UserFactory(name="Ada King-Noel", email="ada@alumni.example")
    user.emailaddress_set.create(email="A.King@LSE.example")

    assert identity.marks_of(user) == {
        ("account", str(user.pk)),
        ("address", "ada@alumni.example"),
        ("address", "a.king@lse.example"),
        ("word", "ada"),
        ("word", "king"),
        ("word", "noel"),
    }


@pytest.mark.parametrize(
    ("name", "text", "is_named"),
    [
        ("Ada Lovelace", "Yesterday Ada came with Ms Lovelace’s letter.", True),
        ("Ada Lovelace", "Yesterday Ada came.", False),
        ("Dr Ada King Lovelace", "Yesterday Ada Lovelace came.", True),
        ("Pat O’Brien", "Yesterday Pat OBrien came.", True),
        ("Ada", "Yesterday Ada came.", False),  # a single word is met by chance
        ("", "Yesterday Ada came.", False),
    ],
)
def test_in_a_longer_text_two_words_of_a_name_count(name, text, is_named):
    assert identity.is_named_in(name, identity.words_in(text)) == is_named
