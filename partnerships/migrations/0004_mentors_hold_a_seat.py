from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0003_seats_of_running_partnerships")]

    operations = [
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("part", "mentee"), ("seat", None)),
                    models.Q(models.Q(("part", "mentee"), _negated=True), ("seat__isnull", False)),
                    _connector="OR",
                ),
                name="mentors_and_facilitators_hold_a_seat",
            ),
        ),
    ]
