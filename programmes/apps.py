from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"


class OfficeAdminConfig(AdminConfig):
    """Django's admin with the office's door (`programmes.sites.OfficeSite`)."""

    default_site = "programmes.sites.OfficeSite"
