import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import User

PASSWORD = "correct-horse-battery"
_HASH = make_password(PASSWORD)


class UserFactory(factory.django.DjangoModelFactory):
    """A person with a verified address; `PASSWORD` signs them in."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@lse.ac.uk")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = _HASH

    @factory.post_generation
    def verified(self, create, extracted, **kwargs):
        if create and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)
