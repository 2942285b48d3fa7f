"""What a circle has agreed, who still has to accept it, and what it lacks."""

from __future__ import annotations

from django.db.models import Count, Exists, F, OuterRef, Q

from accounts.models import User
from partnerships.models import AgreementAcceptance, Membership, Partnership, PartnershipQuerySet, State
from programmes.models import Pathway


def agreement_of(partnership: Partnership) -> str:
    """The agreement's text, which is Markdown; empty for a pair and where the pathway has none (BM-5)."""
    if not partnership.is_circle:
        return ""
    pathways = Pathway.objects.filter(programme=partnership.cohort.programme_id, kind=partnership.pathway)
    return pathways.values_list("agreement", flat=True).first() or ""


def owes_agreement(partnership: Partnership, user: User) -> bool:
    """Whether this person accepts the circle's agreement before they go on there (BM-5)."""
    return any(member.application.user_id == user.pk for member in who_owes(partnership))


def owed_by(user: User) -> list[Partnership]:
    """The person's circles whose agreement they haven't accepted since somebody last joined; one query."""
    accepted = AgreementAcceptance.objects.filter(
        membership=OuterRef("memberships"), round=OuterRef("agreement_round")
    )
    agreed = Pathway.objects.filter(programme=OuterRef("cohort__programme"), kind=Pathway.Kind.CIRCLE)
    circles = Partnership.objects.running().filter(
        ~Exists(accepted),
        Exists(agreed.exclude(agreement="")),
        pathway=Pathway.Kind.CIRCLE,
        memberships__application__user=user,
        memberships__left_on=None,
    )
    return list(circles.select_related("cohort__programme"))


def who_owes(partnership: Partnership) -> list[Membership]:
    """Members of a circle that still runs who haven't accepted the agreement since somebody last joined."""
    if partnership.state == State.ENDED or not agreement_of(partnership):
        return []
    accepted = AgreementAcceptance.objects.filter(
        membership=OuterRef("pk"), round=OuterRef("partnership__agreement_round")
    )
    members = Membership.objects.current().filter(~Exists(accepted), partnership=partnership)
    return list(members.select_related("application__user"))


def with_sizes(circles: PartnershipQuerySet) -> PartnershipQuerySet:
    """Adds `mentees` and `facilitators`, how many are there now, and the pathway's `smallest` and `largest`."""
    now = Q(memberships__left_on=None)
    return circles.filter(
        pathway=Pathway.Kind.CIRCLE, cohort__programme__pathways__kind=Pathway.Kind.CIRCLE
    ).annotate(
        mentees=Count("memberships", filter=now & Q(memberships__part=Membership.Part.MENTEE), distinct=True),
        facilitators=Count(
            "memberships", filter=now & Q(memberships__part=Membership.Part.FACILITATOR), distinct=True
        ),
        smallest=F("cohort__programme__pathways__smallest"),
        largest=F("cohort__programme__pathways__largest"),
    )


def with_room_for(circle: Partnership) -> PartnershipQuerySet:
    """Other circles of the cohort into which everybody of this one would fit."""
    mentees = circle.memberships.current().filter(part=Membership.Part.MENTEE).count()
    others = Partnership.objects.active().filter(cohort=circle.cohort_id).exclude(pk=circle.pk)
    return with_sizes(others).filter(largest__gte=F("mentees") + mentees)
