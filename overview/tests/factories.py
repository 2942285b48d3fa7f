from datetime import UTC, date, datetime

import factory

from outbox.models import Message
from overview.models import Snapshot, Table
from partnerships.models import Disclosure
from programmes.tests.factories import CohortFactory


class DisclosureFactory(factory.django.DjangoModelFactory):
    """A disclosure by page; give it the partnership, whose details and to whom."""

    class Meta:
        model = Disclosure

    facts = "name"
    policy_version = factory.LazyAttribute(lambda o: o.partnership.cohort.policy)
    channel = Disclosure.Channel.PAGE
    on = date(2025, 12, 1)
    first_at = datetime(2025, 12, 1, 9, tzinfo=UTC)


class KeptMessageFactory(factory.django.DjangoModelFactory):
    """A message as the outbox keeps it, waiting to leave."""

    class Meta:
        model = Message

    key = factory.Sequence(lambda n: f"kept/{n}")
    message_id = factory.Sequence(lambda n: f"<kept-{n}@mentoring.example>")
    kind = "partnerships/email/introduction"
    to = factory.Sequence(lambda n: f"reader{n}@lse.example")
    subject = "Your mentoring programme"
    text = "Body of the message."
    not_before = datetime(2025, 12, 1, 9, tzinfo=UTC)
    created_at = datetime(2025, 12, 1, 9, tzinfo=UTC)


class SnapshotFactory(factory.django.DjangoModelFactory):
    """That a cohort was counted this month, without a table."""

    class Meta:
        model = Snapshot

    cohort = factory.SubFactory(CohortFactory)
    month = date(2026, 1, 1)


class TableFactory(factory.django.DjangoModelFactory):
    """A table of who applied, without figures; nothing can be compared with it."""

    class Meta:
        model = Table

    snapshot = factory.SubFactory(SnapshotFactory)
    stage = "applied"
    number = 10
    behind = b""
