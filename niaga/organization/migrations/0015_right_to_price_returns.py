from django.db import migrations

# Standard roles of companies that are there get what new companies' roles have; own roles are the company's to decide.
GRANT = """
INSERT INTO organization_grant (id, role_id, kind, action, scope)
SELECT gen_random_uuid(), r.id, 'return', 'price', CASE r.code WHEN 'sales_manager' THEN 'team' ELSE 'all' END
  FROM organization_role r WHERE r.code IN ('owner', 'administrator', 'finance', 'sales_manager')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("organization", "0014_right_to_waive_fees")]
    operations = [migrations.RunSQL(GRANT, migrations.RunSQL.noop)]
