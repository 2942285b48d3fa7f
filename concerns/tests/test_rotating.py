"""New keys in the environment: cases are brought under the first, and the others can go."""

import pytest

from concerns import services
from concerns.contents import open_case
from concerns.models import Case, CaseExclusion, Entry
from concerns.sealing import Unreadable
from concerns.services.rotating import unknown_keys
from concerns.tests.factories import AT, file_case, file_without_name, handler
from partnerships.tests.factories import pair
from programmes.models import Duty
from programmes.tests.factories import DutyFactory

pytestmark = pytest.mark.django_db
NEWER = "a newer key of the environment, 9876543210"


@pytest.fixture
def world(settings):
    """A case of a mentee whose mentor handles concerns, one without a name, and only the newer key after a rotation."""
    partnership = pair()
    mentor, mentee = (membership.application.user for membership in partnership.memberships.all())
    programme = partnership.cohort.programme
    DutyFactory(user=mentor, programme=programme, kind=Duty.Kind.CONCERNS)
    reader, named = handler(programme), handler(programme, name="Ada Lovelace")
    case = file_case(by=mentee, text="Words.", named="Lovelace")
    receipt = file_without_name(programme)
    sealed = {entry.pk: bytes(entry.sealed_content) for entry in Entry.objects.all()}
    settings.CONCERN_KEYS = [NEWER, *settings.CONCERN_KEYS]
    return locals()


@pytest.mark.clause("EI-6", "ALL-1")
def test_after_a_rotation_the_newer_key_alone_opens_everything_and_every_door_is_as_it_was(world, settings):
    assert services.rotate_keys() == 2

    settings.CONCERN_KEYS = [NEWER]
    case, reader = world["case"], world["reader"]
    case.refresh_from_db()
    assert [entry.text for entry in open_case(case).entries] == ["Words."]
    assert list(Case.objects.of(world["mentee"])) == [case]
    assert services.open_by_code(world["receipt"].code) == world["receipt"].case
    seen = [Case.objects.visible_to(user).count() for user in (reader, world["named"], world["mentor"])]
    assert seen == [2, 1, 1]


def test_a_rotation_alters_no_entry(world):
    services.rotate_keys()

    assert {entry.pk: bytes(entry.sealed_content) for entry in Entry.objects.all()} == world["sealed"]


def test_a_rotation_may_be_run_again(world):
    services.rotate_keys()
    marks = set(CaseExclusion.objects.values_list("person_fingerprint", flat=True))

    assert services.rotate_keys() == 0
    assert set(CaseExclusion.objects.values_list("person_fingerprint", flat=True)) == marks


def test_a_case_whose_key_is_lost_is_counted_and_stops_a_rotation_unchanged(world, settings):
    settings.CONCERN_KEYS = [NEWER]
    before = list(Case.objects.order_by("pk").values_list("key_id", "reporter_fingerprint"))

    assert unknown_keys() == 2
    with pytest.raises(Unreadable):
        services.rotate_keys()

    assert list(Case.objects.order_by("pk").values_list("key_id", "reporter_fingerprint")) == before


def test_what_a_handler_keeps_from_somebody_under_the_newer_key_survives_the_rotation(world, settings):
    services.keep_from(world["case"], by=world["reader"], named="Hopper", at=AT)
    services.rotate_keys()
    settings.CONCERN_KEYS = [NEWER]

    grace = handler(world["programme"], name="Grace Hopper")

    assert world["case"] not in Case.objects.visible_to(grace)


def test_a_server_that_doesnt_know_the_newer_key_shows_nothing_rather_than_too_much(world, settings):
    services.rotate_keys()
    settings.CONCERN_KEYS = settings.CONCERN_KEYS[1:]

    assert [Case.objects.visible_to(user).count() for user in (world["reader"], world["named"])] == [0, 0]


def test_who_is_kept_out_after_a_rotation_by_a_server_with_both_keys_stays_out_without_the_older(
    world, settings
):
    newer, older = settings.CONCERN_KEYS
    services.rotate_keys()
    settings.CONCERN_KEYS = [older, newer]  # a server on which they were put in the wrong order
    services.keep_from(world["case"], by=world["reader"], named="Hopper", at=AT)
    settings.CONCERN_KEYS = [newer]

    assert world["case"] not in Case.objects.visible_to(handler(world["programme"], name="Grace Hopper"))
