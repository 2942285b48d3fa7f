from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0005_clocks_begin_anew")]

    operations = [
        migrations.AddField(
            model_name="partnership",
            name="pause_seal",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddConstraint(
            model_name="partnership",
            constraint=models.CheckConstraint(
                condition=models.Q(("pause_seal", ""), ("state", "paused"), _connector="OR"),
                name="pause_sealed_while_paused",
            ),
        ),
    ]
