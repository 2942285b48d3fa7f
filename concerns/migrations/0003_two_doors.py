"""Somebody may write without a name; who waits since when; more that happens in a case."""

from django.conf import settings
from django.db import migrations, models

from concerns import triggers


def install(apps, schema_editor):
    """The table of entries was made anew, on SQLite without its triggers."""
    triggers.install(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0002_entries_only_grow"),
        ("programmes", "0004_anonymous_concerns"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RemoveConstraint(
            model_name="entry",
            name="entry_kind_known",
        ),
        migrations.AddField(
            model_name="case",
            name="code_fingerprint",
            field=models.CharField(
                blank=True,
                help_text="Of the code that was shown once to who wrote without a name.",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="unanswered_since",
            field=models.DateTimeField(blank=True, help_text="Empty: nobody waits.", null=True),
        ),
        migrations.AlterField(
            model_name="case",
            name="answer_due_at",
            field=models.DateTimeField(help_text="Of what waits, or waited last."),
        ),
        migrations.AlterField(
            model_name="case",
            name="reporter_fingerprint",
            field=models.CharField(
                blank=True, db_index=True, help_text="Empty: written without a name.", max_length=64
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="sealed_reporter",
            field=models.BinaryField(help_text="Key of the user, or nothing."),
        ),
        migrations.AlterField(
            model_name="caseexclusion",
            name="sealed_person",
            field=models.BinaryField(help_text="By what they are recognised, and its value."),
        ),
        migrations.AlterField(
            model_name="entry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("filed", "Filed"),
                    ("note", "Note"),
                    ("answer", "Answer to the reporter"),
                    ("message", "From the reporter"),
                    ("assigned", "Given to a handler"),
                    ("state", "State changed"),
                    ("deed", "Something was done"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "filed",
                            "note",
                            "answer",
                            "message",
                            "assigned",
                            "state",
                            "deed",
                        ],
                    )
                ),
                name="entry_kind_known",
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="at",
            field=models.DateTimeField(
                help_text="The day. The moment is sealed: it would lead to what was done then."
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
