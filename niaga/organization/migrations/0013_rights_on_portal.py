from django.db import migrations

# Standard roles of companies that are there get what new companies' roles have; own roles are the company's to decide.
GRANT = """
INSERT INTO organization_grant (id, role_id, kind, action, scope)
SELECT gen_random_uuid(), r.id, 'portal', a.action,
       CASE r.code WHEN 'salesperson' THEN 'own' WHEN 'sales_manager' THEN 'team' ELSE 'all' END
  FROM organization_role r
  CROSS JOIN (VALUES ('view'), ('invite'), ('answer'), ('export')) AS a(action)
 WHERE r.code IN ('owner', 'administrator', 'sales_manager', 'sales_admin', 'finance')
    OR (r.code = 'salesperson' AND a.action IN ('view', 'invite', 'answer'))
    OR (r.code = 'auditor' AND a.action IN ('view', 'export'))
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("organization", "0012_right_to_write_off")]
    operations = [migrations.RunSQL(GRANT, migrations.RunSQL.noop)]
