from django.db import migrations

# Companies that are there get the driver's role, and standard roles what new companies' roles have.
ROLE = """
INSERT INTO organization_role (id, company_id, code, name)
SELECT gen_random_uuid(), c.id, 'driver', 'Driver' FROM organization_company c
ON CONFLICT DO NOTHING
"""
GRANT = """
INSERT INTO organization_grant (id, role_id, kind, action, scope)
SELECT gen_random_uuid(), r.id, 'delivery', 'drive',
       CASE r.code WHEN 'driver' THEN 'own' WHEN 'warehouse' THEN 'branch' ELSE 'all' END
  FROM organization_role r WHERE r.code IN ('owner', 'administrator', 'warehouse', 'driver')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("organization", "0015_right_to_price_returns")]
    operations = [
        migrations.RunSQL(ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(GRANT, migrations.RunSQL.noop),
    ]
