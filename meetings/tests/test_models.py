import pytest
from django.apps import apps
from django.db import models

_FACTS_ONLY = (
    models.BooleanField,
    models.DateField,
    models.DateTimeField,
    models.ForeignKey,
    models.PositiveSmallIntegerField,
    models.BigAutoField,
)


def fields_of_meetings():
    return [
        pytest.param(field, id=f"{model.__name__}.{field.name}")
        for model in apps.get_app_config("meetings").get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete
    ]


@pytest.mark.clause("EI-6")
@pytest.mark.parametrize("field", fields_of_meetings())
def test_no_field_of_meetings_has_room_for_words(field):
    """Facts, links and fixed choices only: codes from a list, and where to meet as long as the meeting is to come."""
    if isinstance(field, _FACTS_ONLY) or str(field) == "meetings.Meeting.place":
        return
    assert type(field) is models.CharField
    assert field.choices
    assert max(len(value) for value, _ in field.choices) <= field.max_length <= 20
