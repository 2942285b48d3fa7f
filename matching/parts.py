"""Which answers each part of the fit and each rule is made of, so that a page offers only what a programme asks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from programmes.models import Ask, Programme, Role, Weight

Part = Weight.Part
Asked = Collection[tuple[str, str]]
"""(role, fact) of what a programme asks."""


@dataclass(frozen=True)
class Source:
    """The fact that a mentee and a mentor give, and the column of `engine.Person` that holds either."""

    column: str
    mentee: str
    mentor: str

    def fact_of(self, role: str) -> str:
        return self.mentor if role == Role.MENTOR else self.mentee

    def is_asked(self, asked: Asked) -> bool:
        """Whether both are asked: what one side alone gives is the same for everybody."""
        return {(Role.MENTEE, self.mentee), (Role.MENTOR, self.mentor)} <= set(asked)


OF_PART = {
    Part.SECTORS: Source("sectors", "sectors", "sectors"),
    Part.SUPPORT_AREAS: Source("support_areas", "support_areas", "support_areas"),
    Part.COURSE: Source("courses", "study_programme", "courses"),
    Part.PLACE: Source("places", "work_place", "country"),
    Part.LEVEL: Source("band", "band", "band"),
    Part.DIVISION: Source("division", "division", "division"),
}
_MANAGERS = Source("managers", "line_manager_email", "line_manager_email")
OF_RULE = {
    "forbids_line_management": _MANAGERS,
    "forbids_same_manager": _MANAGERS,
    "forbids_same_division": Source("division", "division", "division"),
}
"""Former partners are known without an answer, so that rule isn't here."""


def asked_by(programme: Programme) -> set[tuple[str, str]]:
    return set(Ask.objects.filter(programme=programme).values_list("role", "fact"))
