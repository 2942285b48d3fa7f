import factory
from django.utils import timezone

from outbox.models import Message


class MessageFactory(factory.django.DjangoModelFactory):
    """A message that is due now."""

    class Meta:
        model = Message

    key = factory.Sequence("kind/{}".format)
    message_id = factory.Sequence("<{}@mentoring.example>".format)
    kind = "partnerships/email/introduction"
    to = factory.Sequence("person{}@lse.example".format)
    subject = "Your mentoring programme"
    text = "Hello\n"
    not_before = factory.LazyFunction(timezone.now)
    created_at = factory.LazyFunction(timezone.now)

    class Params:
        sent = factory.Trait(state=Message.State.SENT, sent_at=factory.LazyFunction(timezone.now))
        failed = factory.Trait(state=Message.State.FAILED, error="SMTPDataError 554", attempts=1)
        withdrawn = factory.Trait(
            state=Message.State.WITHDRAWN, withdrawn_at=factory.LazyFunction(timezone.now)
        )
