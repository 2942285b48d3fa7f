"""Whoever has no answer yet waits since they wrote."""

from django.db import migrations, models
from django.db.models import F


def fill(apps, schema_editor):
    cases = apps.get_model("concerns", "Case").objects.filter(first_answered_at=None)
    cases.update(unanswered_since=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("concerns", "0003_two_doors")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        # Follows from the first two below.
        migrations.RemoveConstraint(model_name="case", name="case_closed_after_an_answer"),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True), ("unanswered_since", None), _connector="OR"
                ),
                name="case_closed_while_nobody_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("unanswered_since__isnull", False), ("first_answered_at__isnull", False), _connector="OR"
                ),
                name="case_waits_until_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(models.Q(("reporter_fingerprint", ""), _negated=True), ("code_fingerprint", "")),
                    models.Q(("reporter_fingerprint", ""), models.Q(("code_fingerprint", ""), _negated=True)),
                    _connector="OR",
                ),
                name="case_of_a_person_or_a_code",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code_fingerprint", ""), _negated=True),
                fields=("code_fingerprint",),
                name="case_of_one_code",
            ),
        ),
    ]
