from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("base", "0003_shared_cache")]

    operations = [
        migrations.AddField(
            model_name="sceneclock",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="结束时间"),
        ),
    ]
