"""Who applies, takes part, and meets whom."""

from __future__ import annotations

from overview.personal import categories, finding
from overview.personal.holding import Erasure, Holding, columns

_COUNTED = "A count: it hangs on an application without a person, and says when and how many."
_OF_PARTNERS = "The partners' own record of what they were in; it leads to somebody who has left."

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        model="equality.Answers",
        category=categories.EQUALITY,
        columns=columns(
            special=(
                "cohort age disability ethnic_group gender same_as_registered orientation religion caring"
            ),
            proof="pseudonym",
        ),
        rows=finding.equality_answers,
    ),
    Holding(
        model="declarations.Declaration",
        category=categories.DECLARATIONS,
        columns=columns(special="user cohort wording made_at withdrawn_at"),
        of=("user",),
    ),
    Holding(
        model="applications.Application",
        category=categories.APPLICATIONS,
        columns=columns(
            personal=(
                "user role state source office_email courses graduation_year country job_role job_title division"
                " study_programme bio linkedin circle_email work_place band line_manager_email staff_group pathway"
                " places can_facilitate other_mentees has_mentor_until hold_until started_at submitted_at decided_at"
                " decided_by reason"
            ),
            special="cohort",
        ),
        of=("user",),
        by=("decided_by",),
        erasure=Erasure.BLANK,
        blank={
            "office_email": "",
            "courses": "",
            "graduation_year": None,
            "country": "",
            "job_role": "",
            "job_title": "",
            "division": "",
            "study_programme": "",
            "bio": "",
            "linkedin": "",
            "circle_email": False,
            "work_place": "",
            "band": None,
            "line_manager_email": "",
            "staff_group": "",
            "pathway": "",
            "places": 0,
            "can_facilitate": False,
            "other_mentees": 0,
            "has_mentor_until": None,
            "hold_until": None,
            "reason": "",
        },
        reason="Cohort, role, state and dates stay: how many applied, were accepted and took part.",
    ),
    Holding(
        model="applications.Application_sectors",
        category=categories.APPLICATIONS,
        columns=columns(personal="application option"),
        of=("application__user",),
    ),
    Holding(
        model="applications.Application_support_areas",
        category=categories.APPLICATIONS,
        columns=columns(personal="application option"),
        of=("application__user",),
    ),
    Holding(
        model="applications.PolicyAcceptance",
        category=categories.ACCEPTANCES,
        columns=columns(personal="application policy_version accepted_at source note recorded_by"),
        of=("application__user",),
        by=("recorded_by",),
    ),
    Holding(
        model="applications.Absence",
        category=categories.APPLICATIONS,
        columns=columns(personal="application from_on until_on returned_on tells_partners announced_at"),
        of=("application__user",),
    ),
    Holding(
        model="applications.ContinuationInterest",
        category=categories.APPLICATIONS,
        columns=columns(personal="application wishes_to_continue answered_at"),
        of=("application__user",),
    ),
    Holding(
        model="applications.AlumniRecord",
        category=categories.ALUMNI,
        columns=columns(neutral="id programme", personal="name course graduation_year"),
        rows=finding.alumni,
    ),
    Holding(
        model="training.Booking",
        category=categories.TRAINING,
        columns=columns(personal="session application state number asked_at cancelled_at has_attended"),
        of=("application__user",),
        erasure=Erasure.KEEP,
        reason=_COUNTED,
    ),
    Holding(
        model="partnerships.Partnership",
        category=categories.PARTNERSHIPS,
        columns=columns(
            neutral="id pathway agreement_round pause_seal",
            personal="name state introduced_at paused_at resumed_at ended_at end_reason",
            special="cohort",
        ),
        of=("memberships__application__user",),
        erasure=Erasure.KEEP,
        reason=f"{_OF_PARTNERS} A name of it that has the person's loses it.",
    ),
    Holding(
        model="partnerships.Seat",
        category=categories.PARTNERSHIPS,
        columns=columns(personal="user number"),
        of=("user",),
        erasure=Erasure.KEEP,
        reason="A number on which a partnership that was leans.",
    ),
    Holding(
        model="partnerships.Place",
        category=categories.PARTNERSHIPS,
        columns=columns(personal="application pathway number"),
        of=("application__user",),
        erasure=Erasure.KEEP,
        reason="A number on which a partnership that was leans.",
    ),
    Holding(
        model="partnerships.Membership",
        category=categories.PARTNERSHIPS,
        columns=columns(
            personal="partnership application part place seat joined_on left_on stayed_to_the_end"
        ),
        of=("application__user",),
        erasure=Erasure.KEEP,
        reason=_OF_PARTNERS,
    ),
    Holding(
        model="partnerships.AgreementAcceptance",
        category=categories.PARTNERSHIPS,
        columns=columns(personal="membership round accepted_at"),
        of=("membership__application__user",),
        erasure=Erasure.KEEP,
        reason=_OF_PARTNERS,
    ),
    Holding(
        model="partnerships.Flag",
        category=categories.PARTNERSHIPS,
        columns=columns(
            personal="partnership kind membership reason line wants_new_partner raised_at settled_at settled_by"
        ),
        of=("membership__application__user",),
        by=("settled_by",),
        erasure=Erasure.BLANK,
        blank={"line": ""},
        reason="That the office was asked stays, without the words; a reason becomes “other”.",
    ),
    Holding(
        model="partnerships.Disclosure",
        category=categories.DISCLOSURES,
        columns=columns(personal="partnership of to facts policy_version channel on first_at"),
        of=("of__user", "to"),
        erasure=Erasure.KEEP,
        reason="It names facts, never their content; the other side may know to whom theirs were shown.",
    ),
    Holding(
        model="meetings.Meeting",
        category=categories.MEETINGS,
        columns=columns(
            neutral="id sequence",
            personal=(
                "partnership state starts_at held_on minutes format place is_official planned_by planned_at"
                " logged_by logged_at"
            ),
        ),
        of=("partnership__memberships__application__user",),
        by=("planned_by", "logged_by"),
        erasure=Erasure.KEEP,
        reason=f"{_OF_PARTNERS} A place that the person named goes.",
    ),
    Holding(
        model="meetings.Attendance",
        category=categories.MEETINGS,
        columns=columns(personal="meeting membership confirmed_at"),
        of=("membership__application__user",),
        erasure=Erasure.KEEP,
        reason=_OF_PARTNERS,
    ),
    Holding(
        model="meetings.ContactFrequency",
        category=categories.MEETINGS,
        columns=columns(personal="partnership frequency agreed_by agreed_at"),
        of=("partnership__memberships__application__user",),
        by=("agreed_by",),
        erasure=Erasure.KEEP,
        reason=_OF_PARTNERS,
    ),
    Holding(
        model="meetings.Arranging",
        category=categories.MEETINGS,
        columns=columns(personal="membership said_on until_on"),
        of=("membership__application__user",),
    ),
    Holding(
        model="meetings.Nudge",
        category=categories.REMINDERS,
        columns=columns(personal="user on"),
        of=("user",),
    ),
    Holding(
        model="meetings.NudgeLine",
        category=categories.REMINDERS,
        columns=columns(personal="nudge membership occasion step"),
        of=("nudge__user", "membership__application__user"),
    ),
)
