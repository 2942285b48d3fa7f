"""Links of programmes are https: those that weren't become so."""

from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr


def mend(apps, schema_editor):
    for model, field in [
        ("Programme", "safeguarding_url"),
        ("Programme", "privacy_url"),
        ("Resource", "url"),
    ]:
        rows = apps.get_model("programmes", model).objects.filter(**{f"{field}__startswith": "http://"})
        rows.update(**{field: Concat(Value("https://"), Substr(F(field), len("http://") + 1))})


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0004_anonymous_concerns"),
    ]

    operations = [
        migrations.RunPython(mend, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("safeguarding_url", ""),
                        ("safeguarding_url__startswith", "https://"),
                        _connector="OR",
                    ),
                    models.Q(("privacy_url", ""), ("privacy_url__startswith", "https://"), _connector="OR"),
                ),
                name="programme_links_are_https",
                violation_error_message="Links begin with https://.",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("url", ""), ("url__startswith", "https://"), _connector="OR"),
                name="resource_link_is_https",
                violation_error_message="Links begin with https://.",
            ),
        ),
    ]
