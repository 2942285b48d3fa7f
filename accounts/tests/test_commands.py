import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from accounts.tests.entering import recovery_codes, set_up_app, sign_in
from accounts.tests.factories import UserFactory
from outbox.models import Message

pytestmark = pytest.mark.django_db


def test_somebody_who_has_lost_the_second_step_comes_in_again(client):
    person, other = UserFactory(email="ada@lse.ac.uk"), UserFactory()
    set_up_app(person)
    recovery_codes(person)
    set_up_app(other)

    call_command("forget_second_factor", "Ada@lse.ac.uk")

    assert Authenticator.objects.get().user == other
    assert sign_in(client, person, next="/account/email/").url == "/account/email/"


def test_its_owner_is_told():
    person = UserFactory(name="Ada Lovelace")
    set_up_app(person)

    call_command("forget_second_factor", person.email)

    message = Message.objects.get()
    assert (message.to, message.subject) == (person.email, "Your mentoring programme")
    assert message.text.startswith("Dear Ada Lovelace,\n\nAs you have asked, the second step")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ada@lse.ac.uk", "There is no second step on this account."),
        ("nobody@lse.ac.uk", "Nobody signs in with this address."),
    ],
)
def test_there_must_be_one(address, said):
    UserFactory(email="ada@lse.ac.uk")

    with pytest.raises(CommandError, match=said):
        call_command("forget_second_factor", address)
