"""Who holds which places of a cohort: people who were introduced, and suggestions on their way (BM-8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from applications.models import Application
from matching import gathering
from matching.models import SuggestedMember, Suggestion
from partnerships.models import Membership
from programmes.models import Cohort, Pathway

Part = Membership.Part
CIRCLE = Pathway.Kind.CIRCLE


class Places:
    """The places of a cohort at this moment, in a few queries; read it under the locks of those whom it is asked about.

    `but` are suggestions whose own hold doesn't count, since it is they that are asked about.
    """

    def __init__(self, cohort: Cohort, *, but: Collection[Suggestion] = ()) -> None:
        self.introduced: set[int] = set()
        """Mentees in a partnership."""
        self.on_the_way: dict[int, str] = {}
        """Mentees of suggestions on their way, with the suggestion's state."""
        self.leads: dict[int, list[int]] = {}
        """Facilitators of each circle that meets."""
        self._used: Counter[tuple[int, str]] = Counter()
        self._held: Counter[tuple[int, str]] = Counter()
        self._members: Counter[int] = Counter()
        self._ceilings = gathering.ceilings_in(cohort)
        self._read_introduced(cohort)
        self._read_held(cohort, {suggestion.pk for suggestion in but})

    def _read_introduced(self, cohort: Cohort) -> None:
        inside = Membership.objects.current().filter(partnership__cohort=cohort).order_by("pk")
        columns = inside.values_list("application", "part", "partnership", "partnership__pathway")
        for application, part, partnership, pathway in columns:
            if part == Part.MENTEE:
                self.introduced.add(application)
                self._members[partnership] += 1
            else:
                self._used[application, pathway] += 1
                if pathway == CIRCLE:
                    self.leads.setdefault(partnership, []).append(application)

    def _read_held(self, cohort: Cohort, but: Collection[int]) -> None:
        holding = Suggestion.objects.holding_places().filter(run__cohort=cohort)
        rows = SuggestedMember.objects.filter(suggestion__in=holding).select_related("suggestion")
        for row in rows.order_by("pk"):
            if row.suggestion_id not in but:
                self.hold(row.suggestion, [row])

    def hold(self, suggestion: Suggestion, members: Collection[SuggestedMember]) -> None:
        """Take places for people of a suggestion, so that whoever asks next finds them gone."""
        for member in members:
            if member.part != Part.MENTEE:
                self._held[member.application_id, suggestion.pathway] += 1
                continue
            self.on_the_way[member.application_id] = suggestion.state
            if suggestion.partnership_id:
                self._members[suggestion.partnership_id] += 1

    def free(self, mentor: Application, pathway: str) -> int:
        """How many more this mentor can take in a pathway: mentees in pairs, or a circle to lead."""
        kinds = Pathway.Kind.values
        taken = {kind: self._used[mentor.pk, kind] + self._held[mentor.pk, kind] for kind in kinds}
        return gathering.free_places(mentor, [pathway], taken, self._ceilings)[pathway]

    def seats(self, circle: int, *, largest: int) -> int:
        """How many more mentees a circle that meets can take."""
        return max(0, largest - self._members[circle])

    def why_not(self, member: SuggestedMember, pathway: str) -> str:
        """Why there is no place for this person any more, in a sentence; empty if there is one."""
        person = member.application
        if member.part == Part.MENTEE:
            return self._why_not_mentee(person)
        if self.free(person, pathway):
            return ""
        if self._held[person.pk, pathway]:
            return f"{person.user} is about to be introduced elsewhere and has no further place."
        return f"{person.user} has no free place."

    def _why_not_mentee(self, person: Application) -> str:
        if person.pk in self.introduced:
            return f"{person.user} has been introduced already."
        state = self.on_the_way.get(person.pk)
        if state == Suggestion.State.OFFERED:
            return f"{person.user} has been offered another place."
        return f"{person.user} is about to be introduced elsewhere." if state else ""
