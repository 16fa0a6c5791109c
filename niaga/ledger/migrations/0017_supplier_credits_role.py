from django.db import migrations

from niaga.ledger.migrations._open_role import open_role


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0016_late_fee_role"),
    ]

    operations = [
        open_role("supplier_credits", code=1204, name="Klaim retur kepada pemasok"),
    ]
