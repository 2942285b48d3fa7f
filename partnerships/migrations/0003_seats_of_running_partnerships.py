from collections import Counter

from django.db import migrations


def give_seats(apps, schema_editor):
    """Everybody who mentors or leads, or did, gets a seat; those who do so now each one of their own."""
    Membership = apps.get_model("partnerships", "Membership")
    Seat = apps.get_model("partnerships", "Seat")
    held = Counter()
    rows = Membership.objects.exclude(part="mentee").order_by("pk")
    for pk, user, left_on in rows.values_list("pk", "application__user", "left_on"):
        held[user] += left_on is None
        seat, _ = Seat.objects.get_or_create(user_id=user, number=max(1, held[user]))
        Membership.objects.filter(pk=pk).update(seat=seat)


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0002_pauses_seats_and_flags")]

    operations = [migrations.RunPython(give_seats, migrations.RunPython.noop)]
