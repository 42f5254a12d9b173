"""Until now a roster's shifts were rolled out once, for five weeks. The rules behind them are read off the shifts, so
that a site that stands goes on having shifts; a post with shifts at all hours is marked so.
"""

from collections import defaultdict

from django.db import migrations
from django.utils import timezone


def read_off_rules(apps, schema_editor):
    shifts, rules = apps.get_model("org", "Shift"), apps.get_model("org", "ShiftRule")
    groups = defaultdict(dict)
    for row in shifts.objects.filter(rule=None).order_by("start_at", "pk"):
        start, end = timezone.localtime(row.start_at), timezone.localtime(row.end_at)
        key = (row.post_id, row.staff_id, start.time(), end.time())
        groups[key].setdefault(start.date(), row)
    for (post, staff, start, end), days in groups.items():
        weekdays = "".join(str(n) for n in sorted({day.isoweekday() for day in days}))
        rule = rules.objects.create(
            post_id=post, staff_id=staff, days="weekdays", weekdays=weekdays,
            from_time=start, to_time=end, from_on=min(days),
        )  # fmt: skip
        for day, row in days.items():
            row.rule, row.day = rule, day
        shifts.objects.bulk_update(days.values(), ["rule", "day"], batch_size=500)
    posts = {post for post, *_rest in groups}
    apps.get_model("org", "Post").objects.filter(pk__in=posts).update(is_all_hours=True)


class Migration(migrations.Migration):
    dependencies = [("org", "0003_shifts_and_registers")]

    operations = [migrations.RunPython(read_off_rules, migrations.RunPython.noop)]
