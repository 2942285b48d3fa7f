"""Privacy notices beside policies and guidance; what is published is kept by triggers of the database."""

from django.db import migrations, models

from programmes import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor)


def remove(apps, schema_editor):
    triggers.remove(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("programmes", "0006_sensitive_programmes")]
    operations = [
        migrations.AlterField(
            model_name="policyversion",
            name="kind",
            field=models.CharField(
                choices=[("policy", "Policy"), ("guidance", "Guidance"), ("notice", "Privacy notice")],
                max_length=10,
            ),
        ),
        migrations.RunPython(install, remove),
    ]
