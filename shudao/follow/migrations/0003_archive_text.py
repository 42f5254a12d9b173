import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("follow", "0002_retention"), ("respond", "0002_ordinary_business")]

    operations = [
        migrations.CreateModel(
            name="ArchiveText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(db_index=True, verbose_name="年份")),
                ("words", models.TextField(verbose_name="检索词")),
                ("length", models.PositiveIntegerField(verbose_name="记录条数")),
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="respond.incident",
                        verbose_name="事件",
                    ),
                ),
            ],
        ),
    ]
