"""What the office can do about a flag: for each verb its words, its form, and the one service that it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from applications.models import Application, State
from partnerships import services
from partnerships.models import EndReason, Flag, Membership, Partnership
from partnerships.queries.circles import with_room_for


class VerbForm(forms.Form):
    """Nothing to choose: the button alone."""

    def __init__(self, *args: Any, flag: Flag, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.flag, self.partnership = flag, flag.partnership
        current = self.partnership.memberships.current().select_related("application__user")
        self.members = list(current)


class EndForm(VerbForm):
    """Who would like somebody new, as far as they said."""

    rematch = forms.TypedMultipleChoiceField(
        label="Who would like somebody new?",
        help_text="They keep their application and their place in the order. Whoever isn’t ticked leaves the pool.",
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
        help_text="Otherwise they leave the pool.",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["membership"].choices = [(m.pk, _name(m)) for m in self.members]
        self.initial["membership"] = self.flag.membership_id
        self.initial["wants_new_partner"] = self.flag.wants_new_partner is not False


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
        self.fields["into"].queryset = with_room_for(self.partnership)


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


@dataclass(frozen=True)
class Verb:
    """`says` stands above the button, `done` after it was pressed; `act` takes flag, answers, `by` and `at`."""

    name: str
    label: str
    says: str
    done: str
    fits: Callable[[Flag], bool]
    act: Callable[..., object]
    form: type[VerbForm] = VerbForm

    @property
    def route(self) -> str:
        return f"admin:partnerships_flag_{self.name}"


def _name(member: Membership) -> str:
    return f"{member.application.user.name}, {member.get_part_display().lower()}"


def _runs(flag: Flag) -> bool:
    return flag.partnership.is_active or flag.partnership.is_paused


def _is_circle(flag: Flag) -> bool:
    return _runs(flag) and flag.partnership.is_circle


def _lacks_a_facilitator(flag: Flag) -> bool:
    leads = flag.partnership.memberships.current().filter(part=Membership.Part.FACILITATOR)
    return flag.partnership.is_active and _is_circle(flag) and leads.count() < services.MOST_FACILITATORS


def _settle(flag, answers, **who):
    services.settle(flag, **who)


def _pause(flag, answers, **who):
    services.pause(flag.partnership, **who)


def _resume(flag, answers, **who):
    services.resume(flag.partnership, **who)


def _end(flag, answers, **who):
    reason = EndReason.LEAVING if flag.kind == Flag.Kind.LEAVING else EndReason.OFFICE
    rematch = list(Application.objects.filter(pk__in=answers["rematch"]))
    services.end(flag.partnership, reason=reason, rematch=rematch, **who)


def _let_go(flag, answers, **who):
    member = flag.partnership.memberships.get(pk=answers["membership"])
    services.let_go(member, wants_new_partner=answers["wants_new_partner"], **who)


def _merge(flag, answers, **who):
    services.merge(flag.partnership, into=answers["into"], **who)


def _add_facilitator(flag, answers, **who):
    services.add_facilitator(flag.partnership, application=answers["application"], **who)


VERBS = [
    Verb(
        "settle",
        "Settle",
        "Nothing more is to be done about this. Nobody is told.",
        "Settled.",
        fits=lambda flag: flag.settled_at is None,
        act=_settle,
    ),
    Verb(
        "pause",
        "Pause",
        "They don’t see each other’s details and nothing is due until it goes on. Everybody in it gets the same"
        " letter, which gives no reason.",
        "Paused. Everybody in it is told.",
        fits=lambda flag: flag.partnership.is_active,
        act=_pause,
    ),
    Verb(
        "resume",
        "Resume",
        "It goes on as before the pause. Everybody in it gets the same letter.",
        "It goes on. Everybody in it is told.",
        fits=lambda flag: flag.partnership.is_paused,
        act=_resume,
    ),
    Verb(
        "let_go",
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
        "They are introduced to everybody in the circle, and the circle agrees afresh.",
        "The circle has a new facilitator. Everybody is told.",
        fits=_lacks_a_facilitator,
        act=_add_facilitator,
        form=FacilitatorForm,
    ),
    Verb(
        "merge",
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
        "It ends now, its places are free again, and everybody in it gets a letter that says neither who asked nor"
        " why. It can’t be undone.",
        "Ended. Everybody in it is told.",
        fits=_runs,
        act=_end,
        form=EndForm,
    ),
]
