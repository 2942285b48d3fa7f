"""Rules and weights belong to a pathway; what a programme had goes to every one of its pathways."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError

MOVED = ["forbids_line_management", "forbids_same_manager"]
NEW = {"forbids_same_division": False, "forbids_former_partners": True, "objective": "total"}


def hand_down(apps, schema_editor):
    """From each programme to its pathways, with what the catalogue remembers of having written."""
    for programme in apps.get_model("programmes", "Programme").objects.order_by("pk"):
        pathways = list(programme.pathways.order_by("pk"))
        _hand_down_rules(programme, pathways)
        _hand_down_weights(programme, pathways)
    # PostgreSQL alters no table while it has foreign keys to check at the end of the transaction.
    schema_editor.connection.check_constraints()


def _hand_down_rules(programme, pathways):
    for pathway in pathways:
        for name in MOVED:
            setattr(pathway, name, programme.forbids_line_management)
        pathway.save(update_fields=MOVED)
    written = programme.catalogue_rows.filter(path="programme").first()
    if written is None or "forbids_line_management" not in written.values:
        return
    rule = written.values.pop("forbids_line_management")
    written.save(update_fields=["values"])
    for row in programme.catalogue_rows.filter(path__startswith="pathways/").order_by("pk"):
        row.values |= dict.fromkeys(MOVED, rule) | NEW
        row.save(update_fields=["values"])


def _hand_down_weights(programme, pathways):
    weights = list(programme.weights.order_by("pk"))
    copies = {
        (pathway.kind, weight.pk): programme.weights.create(
            pathway=pathway, part=weight.part, strength=weight.strength
        ).pk
        for pathway in pathways
        for weight in weights
    }
    programme.weights.filter(pathway=None).delete()
    for row in list(programme.catalogue_rows.filter(path__startswith="weights/").order_by("pk")):
        part = row.path.removeprefix("weights/")
        for pathway in pathways:
            programme.catalogue_rows.create(
                path=f"weights/{pathway.kind}/{part}",
                row_pk=copies.get((pathway.kind, row.row_pk), 0),  # 0 is no row: the office removed it
                values=row.values,
            )
        row.delete()


def refuse(apps, schema_editor):
    """Pathways of one programme may differ now, and a rule must not be lost on the way back."""
    if apps.get_model("programmes", "Pathway").objects.exists():
        raise IrreversibleError("The rules of pathways can't go back to their programmes.")


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="pathway",
            name="forbids_line_management",
            field=models.BooleanField(
                default=False,
                help_text="Nobody is matched with somebody in their line of management.",
                verbose_name="keep lines of management apart",
            ),
        ),
        migrations.AddField(
            model_name="pathway",
            name="forbids_same_manager",
            field=models.BooleanField(
                default=False,
                help_text="Nobody is matched with somebody who has the same line manager.",
                verbose_name="keep colleagues under one line manager apart",
            ),
        ),
        migrations.AddField(
            model_name="pathway",
            name="forbids_same_division",
            field=models.BooleanField(
                default=False,
                help_text="Nobody is matched with somebody of their own division.",
                verbose_name="keep colleagues of one division apart",
            ),
        ),
        migrations.AddField(
            model_name="pathway",
            name="forbids_former_partners",
            field=models.BooleanField(
                default=True,
                help_text="People who were together before are not suggested again.",
                verbose_name="keep former partners apart",
            ),
        ),
        migrations.AddField(
            model_name="pathway",
            name="objective",
            field=models.CharField(
                choices=[
                    ("total", "Best fit in all"),
                    ("fairest", "Fairest: the weakest match as good as can be"),
                ],
                default="total",
                help_text="Once as many people as possible are placed.",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(
            model_name="weight",
            name="weight_once_per_part",
        ),
        migrations.AddField(
            model_name="weight",
            name="pathway",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="weights",
                to="programmes.pathway",
            ),
        ),
        migrations.RunPython(hand_down, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="weight",
            name="pathway",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="weights",
                to="programmes.pathway",
            ),
        ),
        migrations.RemoveField(
            model_name="weight",
            name="programme",
        ),
        migrations.RemoveField(
            model_name="programme",
            name="forbids_line_management",
        ),
        migrations.AddConstraint(
            model_name="pathway",
            constraint=models.CheckConstraint(
                condition=models.Q(("objective__in", ["total", "fairest"])),
                name="pathway_objective_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="weight",
            constraint=models.UniqueConstraint(
                fields=("pathway", "part"),
                name="weight_once_per_part",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse),  # last, so that the way back begins with it
    ]
