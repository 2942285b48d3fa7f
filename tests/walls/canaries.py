"""A canary in every text column of a programme: a word of its own each, so that a page that shows it tells whose it is.

A word is the herd's name, a number and an end, such as “quagga17x”: whatever surrounds it, `met` finds it again.
"""

import re
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models
from django.db.models import Q

OURS, THEIRS = "okapi", "quagga"
# Columns that a constraint keeps empty elsewhere.
ONLY_WHERE = {
    "flag.line": Q(kind="leaving"),
    "meeting.place": Q(state="planned"),
    "partnership.name": Q(pathway="circle"),
    "question.answer": Q(answered_at__isnull=False),
    "matchrun.failure": Q(state="failed"),
}
# What means something to the code: changed, it would be another row. Or what people gave is kept by the world itself.
LEFT_ALONE = {"disclosure.facts", "matchrun.input_hash", "runrecord.seal", "partnership.pause_seal"}
KEPT_MESSAGES = "kept/"


@dataclass
class Herd:
    """The canaries of one programme: what each word stands for, a column and the row's number or the person."""

    name: str
    stands_for: dict[str, tuple[str, int | str]] = field(default_factory=dict)

    def word(self, column: str, row: int | str) -> str:
        word = f"{self.name}{len(self.stands_for) + 1}x"
        self.stands_for[word] = (column, row)
        return word

    def plant(self, programme) -> None:
        """A word in every text column of every row of a programme, whatever stood there before."""
        for model in scoped_models():
            rows = model._base_manager.filter(**{model.PROGRAMME_PATH or "pk": programme.pk})
            for each in text_columns(model):
                self._plant(each, rows)
        messages = apps.get_model("outbox", "Message")._base_manager.filter(key__startswith=KEPT_MESSAGES)
        for name in ("text", "html", "calendar", "subject", "error"):
            self._plant(messages.model._meta.get_field(name), messages.filter(programme=programme.slug))

    def _plant(self, column, rows) -> None:
        name = name_of(column)
        for pk in rows.filter(ONLY_WHERE.get(name, Q())).order_by("pk").values_list("pk", flat=True):
            rows.filter(pk=pk).update(**{column.name: _fitting(column, self.word(name, pk))})


def met(text: str) -> set[str]:
    """The words of either herd in a text, however they are written."""
    return set(re.findall(rf"(?:{OURS}|{THEIRS})\d+x", text.lower()))


def name_of(column) -> str:
    return f"{column.model._meta.model_name}.{column.name}"


def scoped_models():
    """All that belongs to a programme, in a fixed order."""
    return [model for model in apps.get_models() if hasattr(model, "PROGRAMME_PATH")]


def text_columns(model):
    """Columns with words of people: no choices, no short name by which addresses and tasks find a row."""
    kinds = models.CharField | models.TextField | models.JSONField
    for column in model._meta.concrete_fields:
        is_words = (
            isinstance(column, kinds) and not column.choices and not isinstance(column, models.SlugField)
        )
        if is_words and name_of(column) not in LEFT_ALONE and not _is_structure(column):
            yield column


def _is_structure(column) -> bool:
    return isinstance(column, models.JSONField) and column.name != "reasons"


def _fitting(column, word):
    if isinstance(column, models.JSONField):
        return [word]
    if isinstance(column, models.EmailField):
        return f"{word}@lse.example"
    if isinstance(column, models.URLField):
        return f"https://www.linkedin.com/in/{word}"
    return word
