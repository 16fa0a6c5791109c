from django.db import migrations

# Companies that are there start with the reasons that new ones get.
REASONS = """
INSERT INTO returns_returnreason (id, company_id, code, name_id, name_en, fault, fee_percent, customer_pays_freight)
SELECT gen_random_uuid(), c.id, v.code, v.name_id, v.name_en, v.fault, 0, v.pays
  FROM organization_company c
  CROSS JOIN (VALUES ('DAMAGED', 'Rusak', 'Damaged', 'ours', false),
                     ('WRONG', 'Barang salah', 'Wrong item', 'ours', false),
                     ('NOTASDESC', 'Tidak sesuai keterangan', 'Not as described', 'ours', false),
                     ('LATE', 'Datang terlambat', 'Came too late', 'ours', false),
                     ('TRANSPORT', 'Rusak di jalan', 'Damaged on the way', 'carrier', false),
                     ('CHANGED', 'Berubah pikiran', 'Changed mind', 'customer', true),
                     ('OTHER', 'Lainnya', 'Other', 'ours', false)) AS v(code, name_id, name_en, fault, pays)
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_initial")]
    operations = [migrations.RunSQL(REASONS, migrations.RunSQL.noop)]
