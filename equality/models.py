"""The optional questionnaire (EI-7): answers with no key to a person, no moment, no order and no history.

Nobody reads these rows: not the office, not who decides eligibility, not the admin. They are counted once a month into
rounded figures, and shown to their own person, who is found by the keyed hash of `keys.pseudonym`.

A row is never changed. Whoever changes an answer has a new row in place of the old one, so that two tables of figures
with the same rows behind them are the same figures.

Its limits: a copy of the database alone shows each row's answers, without saying whose. The database's own files keep
the order in which rows were written, and somebody with many answers may be the only one who gave them all. A taken web
server, which holds the secret, tells whose they are.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from equality.questions import QUESTIONS
from programmes.models import Cohort


def _column(question: str) -> models.CharField[Any, Any]:
    return models.CharField(max_length=12, choices=QUESTIONS[question].choices, blank=True)


class Answers(models.Model):
    """One person's answers in one cohort; empty is not answered. No reverse names: nothing walks to these rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="+")
    pseudonym = models.CharField(max_length=64, editable=False)
    age = _column("age")
    disability = _column("disability")
    ethnic_group = _column("ethnic_group")
    gender = _column("gender")
    same_as_registered = _column("same_as_registered")
    orientation = _column("orientation")
    religion = _column("religion")
    caring = _column("caring")

    class Meta:
        default_permissions = ()
        verbose_name_plural = "answers"
        constraints = [
            models.UniqueConstraint(fields=["cohort", "pseudonym"], name="equality_answers_once"),
            models.CheckConstraint(
                condition=~Q(**dict.fromkeys(QUESTIONS, "")), name="equality_answers_say_something"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__in": ["", *question.choices.values]}),
                    name=f"equality_{name}_known",
                )
                for name, question in QUESTIONS.items()
            ),
        ]

    def __str__(self) -> str:
        return "Answers"

    def given(self) -> dict[str, str]:
        """The answer to each question, empty where there is none."""
        return {question: getattr(self, question) for question in QUESTIONS}
