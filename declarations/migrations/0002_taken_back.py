from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("declarations", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="declaration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at", None), ("withdrawn_at__gte", models.F("made_at")), _connector="OR"
                ),
                name="declaration_taken_back_after_it_was_made",
            ),
        ),
    ]
