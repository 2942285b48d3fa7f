"""What the office can do about a partnership: for each verb its words, its form, and the one service that it calls.

The page of a flag and the page of the partnership offer the same, but for settling, which needs a flag.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from applications.models import Application, State
from partnerships import services
from partnerships.models import EndReason, Flag, Membership, Partnership
from partnerships.queries.circles import with_room_for


class VerbForm(forms.Form):
    """Nothing to choose: the button alone. `why_not` says what is missing where nothing could be chosen."""

    why_not = ""

    def __init__(self, *args: Any, partnership: Partnership, flag: Flag | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.flag, self.partnership = flag, partnership
        current = self.partnership.memberships.current().select_related("application__user")
        self.members = list(current)


class EndForm(VerbForm):
    """Who would like somebody new, as far as they said."""

    rematch = forms.TypedMultipleChoiceField(
        label="Who would like somebody new?",
        help_text="They keep their application and their place in the order, and are matched again."
        " Whoever isn’t ticked takes no further part for now.",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["rematch"].choices = [(m.application_id, _name(m)) for m in self.members]
        self.initial["rematch"] = [a.pk for a in services.looking_for_somebody(self.partnership)]


class LetGoForm(VerbForm):
    """Who leaves, and whether they would like another place."""

    membership = forms.TypedChoiceField(
        label="Who leaves?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose somebody."},
    )
    wants_new_partner = forms.BooleanField(
        label="They would like another place",
        help_text="They are matched again. Otherwise they take no further part for now.",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["membership"].choices = [(m.pk, _name(m)) for m in self.members]
        self.initial["membership"] = self.flag.membership_id if self.flag else None
        self.initial["wants_new_partner"] = self.flag is None or self.flag.wants_new_partner is not False


class _Circles(forms.ModelChoiceField):
    def label_from_instance(self, circle):
        return f"{circle.name}: {circle.mentees} of {circle.largest} mentees"


class MergeForm(VerbForm):
    """Circles with room for everybody of this one."""

    into = _Circles(
        Partnership.objects.none(),
        label="Which circle do they join?",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a circle."},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = circles = with_room_for(self.partnership)
        if not circles:
            self.why_not = "No other circle has room for everybody of this one at the moment."


class _People(forms.ModelChoiceField):
    def label_from_instance(self, application):
        return application.user.name


class FacilitatorForm(VerbForm):
    """Accepted mentors of the cohort who offered to lead a circle and lead none."""

    application = _People(
        Application.objects.none(),
        label="Who leads it from now on?",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose somebody."},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        leads = Membership.objects.current().filter(part=Membership.Part.FACILITATOR)
        offering = Application.objects.filter(
            cohort=self.partnership.cohort_id, role="mentor", state=State.ACCEPTED, can_facilitate=True
        ).exclude(pk__in=leads.values("application"))
        self.fields["application"].queryset = offering.select_related("user").order_by("user__name", "pk")
        if not offering:
            self.why_not = (
                "Nobody is free at the moment: of the accepted mentors who offered to lead a circle, each leads one."
                " Accept or invite another mentor first, or merge this circle with another."
            )


@dataclass(frozen=True)
class Verb:
    """`title` stands over its page and on the button there, `says` between them, `done` after it was pressed.

    `fits` takes the partnership and the flag, if one led here; `act` also the answers, `by` and `at`.
    """

    name: str
    label: str
    title: str
    says: str
    done: str
    fits: Callable[[Partnership, Flag | None], bool]
    act: Callable[..., object]
    form: type[VerbForm] = VerbForm
    needs_flag: bool = False

    @property
    def flag_route(self) -> str:
        return f"admin:partnerships_flag_{self.name}"

    @property
    def partnership_route(self) -> str:
        return f"admin:partnerships_partnership_{self.name}"


def _name(member: Membership) -> str:
    return f"{member.application.user.name}, {member.get_part_display().lower()}"


def _waits(partnership: Partnership, flag: Flag | None) -> bool:
    return flag is not None and flag.settled_at is None


def _is_active(partnership: Partnership, flag: Flag | None) -> bool:
    return partnership.is_active


def _is_paused(partnership: Partnership, flag: Flag | None) -> bool:
    return partnership.is_paused


def _runs(partnership: Partnership, flag: Flag | None) -> bool:
    return partnership.is_active or partnership.is_paused


def _is_circle(partnership: Partnership, flag: Flag | None) -> bool:
    return _runs(partnership, flag) and partnership.is_circle


def _lacks_a_facilitator(partnership: Partnership, flag: Flag | None) -> bool:
    if not (partnership.is_active and partnership.is_circle):
        return False
    leads = partnership.memberships.current().filter(part=Membership.Part.FACILITATOR)
    return leads.count() < services.MOST_FACILITATORS


def _settle(partnership, flag, answers, **who):
    services.settle(flag, **who)


def _pause(partnership, flag, answers, **who):
    services.pause(partnership, **who)


def _resume(partnership, flag, answers, **who):
    services.resume(partnership, **who)


def _end(partnership, flag, answers, **who):
    """Somebody's wish to leave is the reason if it led here or still waits."""
    wishes = Flag.objects.open().filter(partnership=partnership, kind=Flag.Kind.LEAVING)
    is_wish = (flag is not None and flag.kind == Flag.Kind.LEAVING) or wishes.exists()
    reason = EndReason.LEAVING if is_wish else EndReason.OFFICE
    rematch = list(Application.objects.filter(pk__in=answers["rematch"]))
    services.end(partnership, reason=reason, rematch=rematch, **who)


def _let_go(partnership, flag, answers, **who):
    member = partnership.memberships.get(pk=answers["membership"])
    services.let_go(member, wants_new_partner=answers["wants_new_partner"], **who)


def _merge(partnership, flag, answers, **who):
    services.merge(partnership, into=answers["into"], **who)


def _add_facilitator(partnership, flag, answers, **who):
    services.add_facilitator(partnership, application=answers["application"], **who)


VERBS = [
    Verb(
        "settle",
        "Settle",
        "Settle this flag",
        "Nothing more is to be done about this, so it leaves the list. Nobody is told.",
        "Settled.",
        fits=_waits,
        act=_settle,
        needs_flag=True,
    ),
    Verb(
        "pause",
        "Pause",
        "Pause this partnership",
        "They don’t see each other’s details and nothing is due until it goes on. Everybody in it gets the same"
        " letter, which gives no reason. You let it go on yourself, or somebody who handles concerns does.",
        "Paused. Everybody in it is told.",
        fits=_is_active,
        act=_pause,
    ),
    Verb(
        "resume",
        "Resume",
        "Resume this partnership",
        "It goes on as before the pause. Everybody in it gets the same letter. A pause is lifted by whoever ordered"
        " it, be it a colleague at the office or somebody who handles concerns.",
        "It goes on. Everybody in it is told.",
        fits=_is_paused,
        act=_resume,
    ),
    Verb(
        "let_go",
        "Let somebody go",
        "Let somebody go",
        "They leave the circle now, see nobody in it any more and aren’t seen. The others hear that somebody left,"
        " neither who nor why. It can’t be undone.",
        "They have left the circle. Everybody is told.",
        fits=_is_circle,
        act=_let_go,
        form=LetGoForm,
    ),
    Verb(
        "add_facilitator",
        "Add a facilitator",
        "Add a facilitator",
        "They are introduced to everybody in the circle, and the circle agrees afresh.",
        "The circle has a new facilitator. Everybody is told.",
        fits=_lacks_a_facilitator,
        act=_add_facilitator,
        form=FacilitatorForm,
    ),
    Verb(
        "merge",
        "Merge with another circle",
        "Merge with another circle",
        "Its mentees join the circle that you choose and are introduced there; this circle ends and its facilitators"
        " are free again. It can’t be undone.",
        "The two circles are one. Everybody is told.",
        fits=_is_circle,
        act=_merge,
        form=MergeForm,
    ),
    Verb(
        "end",
        "End",
        "End this partnership",
        "It ends now, its places are free again, and everybody in it gets a letter that says neither who asked nor"
        " why. It can’t be undone.",
        "Ended. Everybody in it is told.",
        fits=_runs,
        act=_end,
        form=EndForm,
    ),
]
