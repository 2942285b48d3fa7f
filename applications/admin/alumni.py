from django.contrib import admin

from applications.models import AlumniRecord
from programmes.admin.base import ScopedAdmin


@admin.register(AlumniRecord)
class AlumniRecordAdmin(ScopedAdmin):
    """The list that mentors who are alumni are checked against; loaded by `manage.py import_alumni` (EI-0)."""

    may_delete = True
    list_display = ["name", "course", "graduation_year"]
    search_fields = ["name", "course"]
