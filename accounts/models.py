"""A person and how they sign in. Nothing that a programme asks lives here: see `applications`."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

# What others read of somebody who was erased, and where no address is anybody's (RFC 2606).
GONE = "Somebody who has left"
NOWHERE = "left.invalid"


def is_nobodys(address: str) -> bool:
    """The address of an account whose person was erased."""
    return address.endswith(f"@{NOWHERE}")


def known_time_zone(name: str) -> None:
    """Only zones that the time zone database knows, such as “Europe/Athens”."""
    if name not in available_timezones():
        raise ValidationError("Choose a time zone from the list.")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person with this address in small letters; without a password they sign in by a code or a link."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The address is what they sign in with; the name is what partners and offices read."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    time_zone = models.CharField(max_length=50, default="Europe/London", validators=[known_time_zone])
    # Over all programmes; no office learns of it (BM-8). Held by `partnerships.Seat`.
    most_partnerships = models.PositiveSmallIntegerField(
        "pairs and circles at most",
        null=True,
        blank=True,
        validators=[MaxValueValidator(50)],
        help_text="That you mentor or lead at one time, over all programmes. Empty: what you tell each programme.",
    )
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_gone(self) -> bool:
        """Erased: the row is only what others' records lead to."""
        return is_nobodys(self.email)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this person reads the time of a meeting; the School's if theirs has left the database."""
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo(settings.TIME_ZONE)

    @property
    def is_staff(self) -> bool:
        """What other packages ask; the admin itself asks the office's duties (`programmes.sites`)."""
        return self.is_superuser
