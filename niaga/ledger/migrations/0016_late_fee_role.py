from django.db import migrations, models

from niaga.ledger.migrations._open_role import open_role


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0015_journal_profile"),
    ]

    operations = [
        # Which roles there are is the code's: the columns no longer list them, so that another needs `open_role` only.
        migrations.AlterField("journalline", "role", models.CharField(max_length=20)),
        migrations.AlterField("roleaccount", "role", models.CharField(max_length=20)),
        open_role("late_fees", code=8111, name="Pendapatan denda keterlambatan"),
    ]
