import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import models

from equality.models import Answers
from equality.questions import QUESTIONS, UNSAID, choices_of

pytestmark = pytest.mark.clause("EI-7")


def test_a_row_has_no_key_to_a_person_no_moment_no_order_and_no_words():
    columns = {field.name: type(field) for field in Answers._meta.get_fields()}

    assert columns == {
        "id": models.UUIDField,
        "cohort": models.ForeignKey,
        "pseudonym": models.CharField,
        **dict.fromkeys(QUESTIONS, models.CharField),
    }
    assert all(Answers._meta.get_field(question).choices for question in QUESTIONS)
    assert Answers._meta.get_field("cohort").related_model._meta.label == "programmes.Cohort"


def test_every_question_can_stay_empty_and_offers_not_to_say():
    assert all(UNSAID in choices_of(question) for question in QUESTIONS)
    assert all(Answers._meta.get_field(question).blank for question in QUESTIONS)


@pytest.mark.django_db
def test_no_right_of_djangos_opens_answers_and_the_admin_does_not_know_them():
    assert Permission.objects.filter(content_type__app_label="equality").count() == 0
    assert Answers not in admin.site._registry
