from applications.admin.alumni import AlumniRecordAdmin
from applications.admin.applications import ApplicationAdmin

__all__ = ["AlumniRecordAdmin", "ApplicationAdmin"]
