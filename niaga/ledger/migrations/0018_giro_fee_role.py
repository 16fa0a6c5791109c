from django.db import migrations

from niaga.ledger.migrations._open_role import open_role


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0017_supplier_credits_role"),
    ]

    operations = [
        open_role("giro_fees", code=8112, name="Penggantian biaya giro ditolak"),
    ]
