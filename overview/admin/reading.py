"""What lists to read have in common."""

from programmes.admin.base import ScopedAdmin, ScopedInline


class ReadOnly:
    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(ReadOnly, ScopedAdmin):
    """Rows that no office writes by hand."""


class ReadOnlyInline(ReadOnly, ScopedInline):
    extra = 0
