"""What a choice brings about, foretold and done, for tests."""

from datetime import date

from applications.models import Application
from matching import gathering
from matching.choices import by_hand
from matching.services import choosing, runs
from matching.tests.people import NOW

TODAY = date(2026, 1, 14)


def choose(mentee, mentor, by, **details):
    made = choosing.choose(mentee, mentor, by=by, at=NOW, **details)
    runs.carry_out(made, at=NOW)
    made.refresh_from_db()
    return made


def mentor_of(run):
    """Who is with whom in a run, by application."""
    found = {}
    for suggestion in run.suggestions.prefetch_related("members"):
        lead = next(m.application_id for m in suggestion.members.all() if m.part != "mentee")
        found |= {m.application_id: lead for m in suggestion.members.all() if m.part == "mentee"}
    return found


def told(before, after, chosen):
    """The difference between two runs, said by other means than the product's."""
    names = dict(Application.objects.values_list("pk", "user__name"))
    was, now = mentor_of(before), mentor_of(after)
    others = [pk for pk in sorted(was.keys() | now.keys()) if pk != chosen]
    said = [f"{names[pk]} would be left without a mentor" for pk in others if pk not in now]
    said += [
        f"{names[pk]} goes to {names[now[pk]]} instead"
        for pk in others
        if pk in was and pk in now and was[pk] != now[pk]
    ]
    said += [f"{names[pk]} would get a mentor" for pk in others if pk not in was]
    lost = before.total - after.total
    if lost:
        said.append(f"total fit {abs(lost):,} {'lower' if lost > 0 else 'higher'}")
    return said


def previewed(cohort, asks, offers, viewer, pathway="one_to_one", **details):
    pool = gathering.gather(cohort, on=TODAY)
    return by_hand(pool, asks, offers, pathway, viewer=viewer, **details)
