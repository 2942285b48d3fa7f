"""One person out of every table, in one transaction."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from accounts import services as accounts
from accounts.models import User
from applications.models import Application
from concerns.services import forget_reporter
from matching.models import SuggestedMember, Suggestion
from mentorship.lib.locks import lock_rows
from mentorship.lib.refusals import NotPossible
from outbox.models import Message
from overview.models import DataRequest, Erasure
from overview.models import State as RequestState
from overview.personal import finding
from overview.personal.holding import Erasure as What
from overview.personal.holding import Holding
from overview.personal.registry import HOLDINGS
from overview.services.erasing import quoting
from overview.services.erasing.traces import Traces
from partnerships.models import Flag
from partnerships.services import leave_everything
from programmes.models import Duty, Question
from programmes.services import take_duty

Rows = dict[str, list[int]]  # numbers by table


@transaction.atomic
def erase(user: User, *, at: datetime) -> Counter[str]:
    """End what runs, then delete or blank every row of the registry, and take the name out of the rows of others.

    Gives rows by table, but not those of concerns, and “elsewhere” for others'. All are found before anything is
    changed, since people are found by their addresses and their name. Raises NotPossible where somebody acts on the
    person at this moment, and for the only one who runs the site: it is tried again later.
    """
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        raise NotPossible("Nobody else runs this site.")
    forget_reporter(user)
    _end_what_runs(user, at=at)
    lock_rows(User.objects.filter(pk=user.pk))
    user.refresh_from_db()
    Erasure.objects.of(user).standing().update(person=None)  # it stays; the others of theirs go
    traces, rows = Traces.of(user), _rows(user)
    counts = Counter({model: len(pks) for model, pks in rows.items() if not model.startswith("concerns.")})
    _make_way(rows, at=at)
    for holding in HOLDINGS:
        _erase(holding, rows[holding.model])
    husk = accounts.become_nobody(user)
    counts["elsewhere"] = _elsewhere(user, husk, traces, own=rows["outbox.Message"], at=at)
    _drop_what_nobody_needs(husk)
    return +counts


@transaction.atomic
def shut(user: User, *, at: datetime) -> None:
    """What anybody can see of an erasure that a case holds is what they see of every other one (EI-6).

    What runs has ended, no letter leaves, nobody signs in. Only what is kept waits. Twice is once.
    """
    _end_what_runs(user, at=at)
    letters = list(finding.messages(user).filter(state=Message.State.WAITING).values_list("pk", flat=True))
    _withdraw(letters, at=at)
    accounts.close(user)


def _end_what_runs(user: User, *, at: datetime) -> None:
    suggested = SuggestedMember.objects.filter(application__user=user).order_by()
    lock_rows(Suggestion.objects.filter(pk__in=suggested.values("suggestion")))
    leave_everything(user, at=at)


def _withdraw(letters: list[int], *, at: datetime) -> None:
    waiting = Message.objects.filter(pk__in=letters, state=Message.State.WAITING)
    waiting.update(state=Message.State.WITHDRAWN, withdrawn_at=at, lease_until=None, lease_token=None)


def _rows(user: User) -> Rows:
    """Numbers of rows by holding. Kept ones too: they are counted, and others' texts about them are looked for."""
    return {
        holding.model: list(holding.rows_of(user).order_by("pk").values_list("pk", flat=True))
        for holding in HOLDINGS
    }


def _make_way(rows: Rows, *, at: datetime) -> None:
    """What the registry's own words can't say: a constraint in the way, or rows of others that say the same."""
    _withdraw(rows["outbox.Message"], at=at)
    asked = DataRequest.objects.filter(pk__in=rows["overview.DataRequest"]).open()
    asked.update(state=RequestState.ANSWERED, closed_on=timezone.localdate(at), outcome="–")
    Question.objects.filter(pk__in=rows["programmes.Question"], is_published=False).delete()
    for duty in Duty.objects.filter(pk__in=rows["programmes.Duty"], kind=Duty.Kind.CONCERNS).order_by("pk"):
        take_duty(duty, by=None, at=at)  # the other handlers hear of it
    flags = Flag.objects.filter(pk__in=rows["partnerships.Flag"], kind=Flag.Kind.LEAVING)
    flags.update(reason=Flag.Reason.OTHER)
    together = SuggestedMember.objects.filter(suggestion__in=rows["matching.Suggestion"])
    together.update(reasons=[])  # why a pair fits says something of both


def _erase(holding: Holding, pks: list[int]) -> None:
    rows = holding.model_class._default_manager.filter(pk__in=pks)
    if holding.erasure is What.DELETE:
        rows.delete()
    elif holding.model == "outbox.Message":
        rows.update(**holding.blank, key=Concat(Value("erased/"), Cast("pk", CharField())))
    elif holding.erasure is What.BLANK:
        rows.update(**holding.blank)


def _elsewhere(user: User, husk: User, traces: Traces, *, own: list[int], at: datetime) -> int:
    """Rows of others that change; `own` are the letters to the person."""
    return (
        quoting.take_out(traces)
        + quoting.forget_manager(traces.addresses, gone=husk.email)
        + quoting.forget_places(user)
        + quoting.forget_in_sessions(traces)
        + quoting.forget_letters(user, traces, own=own, at=at)
    )


def _drop_what_nobody_needs(husk: User) -> None:
    """A draft that was never handed in counts nowhere; nor does an account to which nothing leads."""
    drafts = Application.objects.filter(user=husk, submitted_at=None, memberships=None)
    drafts.filter(decided_at=None).delete()
    if not any(_leads_to(husk)):
        husk.delete()


def _leads_to(husk: User) -> list[bool]:
    return [
        model._default_manager.filter(**{field.name: husk}).exists()
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if field.related_model is User
    ]
