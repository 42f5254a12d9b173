from django.db import migrations


def end_clocks(apps, schema_editor):
    """Runs that were finished before clocks were ended: theirs stand for good too."""
    clocks = apps.get_model("base", "SceneClock").objects
    for run in apps.get_model("drill", "Run").objects.filter(state="finished").exclude(finished_at=None):
        clocks.filter(scene=run.scene, ended_at=None).update(ended_at=run.finished_at)


class Migration(migrations.Migration):
    dependencies = [("drill", "0001_begin"), ("base", "0004_ended_clocks")]

    operations = [migrations.RunPython(end_clocks, migrations.RunPython.noop)]
