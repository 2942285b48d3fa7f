"""Entries of a case only grow: a trigger of the database refuses to change or delete one."""

from django.db import migrations

from concerns import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor)


def remove(apps, schema_editor):
    triggers.remove(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("concerns", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
