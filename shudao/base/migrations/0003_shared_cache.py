"""A table for what all processes must count together: limits of sign-in, codes that were used."""

from django.core.management import call_command
from django.db import migrations


def make(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("base", "0002_inner_hosts")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop, elidable=False)]
