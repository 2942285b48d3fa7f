"""What an office runs: programmes and their cohorts, texts, options, rules, policies and duties."""

from programmes.models.asking import Ask, Option, SheetColumn
from programmes.models.catalogue_row import CatalogueRow
from programmes.models.cohort import Cohort, KeyDate
from programmes.models.content import Aim, Commitment, Question, QuestionQuerySet, Resource
from programmes.models.duty import Duty
from programmes.models.pathway import Pathway, Weight
from programmes.models.policy import DisclosedFact, PolicyVersion, PolicyVersionQuerySet
from programmes.models.programme import OfProgrammeQuerySet, Programme, ProgrammeQuerySet, Role
from programmes.models.school_page import SchoolPage
from programmes.models.wording import Wording

__all__ = [
    "Aim",
    "Ask",
    "CatalogueRow",
    "Cohort",
    "Commitment",
    "DisclosedFact",
    "Duty",
    "KeyDate",
    "OfProgrammeQuerySet",
    "Option",
    "Pathway",
    "PolicyVersion",
    "PolicyVersionQuerySet",
    "Programme",
    "ProgrammeQuerySet",
    "Question",
    "QuestionQuerySet",
    "Resource",
    "Role",
    "SchoolPage",
    "SheetColumn",
    "Weight",
    "Wording",
]
