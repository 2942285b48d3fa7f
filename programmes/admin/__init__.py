"""The office's workplace: a programme with all that belongs to it, cohorts, policies, questions, duties."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group

from programmes.admin.cohort import CohortAdmin
from programmes.admin.duty import DutyAdmin
from programmes.admin.policy import PolicyVersionAdmin
from programmes.admin.programme import ProgrammeAdmin
from programmes.admin.question import QuestionAdmin
from programmes.admin.school_page import SchoolPageAdmin

# Pages of other packages know no programme: the addresses of everybody are nobody's list, rights come from duties, and
# second factors are their owners' alone.
for model in (EmailAddress, Authenticator, Group):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

__all__ = [
    "CohortAdmin",
    "DutyAdmin",
    "PolicyVersionAdmin",
    "ProgrammeAdmin",
    "QuestionAdmin",
    "SchoolPageAdmin",
]
