from datetime import UTC, datetime

import pytest

from applications.models import AlumniRecord
from applications.services.importing_alumni import import_alumni
from applications.tests.sheets import as_csv
from mentorship.lib.refusals import NotPossible
from programmes.tests.factories import DutyFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 1, 14, 9, 30, tzinfo=UTC)
ONE = as_csv([["Name", "Course", "Year"], ["Joao Eze", "MSc", "2003"]])


@pytest.mark.clause("ALL-1")
def test_only_an_administrator_of_the_programme_loads_its_list():
    programme = ProgrammeFactory()

    with pytest.raises(NotPossible, match="^You don't administer this programme.$"):
        import_alumni(programme=programme, data=ONE, by=DutyFactory().user, at=AT)
    import_alumni(programme=programme, data=ONE, by=DutyFactory(programme=programme).user, at=AT)

    assert list(AlumniRecord.objects.values_list("programme", "name")) == [(programme.pk, "Joao Eze")]


def test_each_programme_has_a_list_of_its_own():
    one, other = ProgrammeFactory(), ProgrammeFactory()

    loaded = [import_alumni(programme=programme, data=ONE, by=None, at=AT) for programme in (one, other, one)]

    assert [report.summary for report in loaded] == [
        "1 new, 0 already there, 0 refused",
        "1 new, 0 already there, 0 refused",
        "0 new, 1 already there, 0 refused",
    ]
