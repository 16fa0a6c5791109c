from django.db import migrations

# Standard roles of companies that are there get what new companies' roles have; own roles are the company's to decide.
GRANT = """
INSERT INTO organization_grant (id, role_id, kind, action, scope)
SELECT gen_random_uuid(), r.id, 'return', a.action,
       CASE r.code WHEN 'salesperson' THEN 'own' WHEN 'sales_manager' THEN 'team' WHEN 'warehouse' THEN 'branch'
                   WHEN 'cashier' THEN 'branch' ELSE 'all' END
  FROM organization_role r
  CROSS JOIN (VALUES ('view'), ('create'), ('decide'), ('receive'), ('inspect'), ('settle'), ('cancel'), ('export'))
    AS a(action)
 WHERE r.code IN ('owner', 'administrator')
    OR (r.code = 'salesperson' AND a.action IN ('view', 'create', 'cancel'))
    OR (r.code IN ('sales_manager', 'sales_admin') AND a.action IN ('view', 'create', 'decide', 'cancel', 'export'))
    OR (r.code = 'warehouse' AND a.action IN ('view', 'receive', 'inspect'))
    OR (r.code = 'finance' AND a.action IN ('view', 'decide', 'settle', 'cancel', 'export'))
    OR (r.code = 'cashier' AND a.action IN ('view', 'create'))
    OR (r.code = 'auditor' AND a.action IN ('view', 'export'))
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("organization", "0010_right_to_refund")]
    operations = [migrations.RunSQL(GRANT, migrations.RunSQL.noop)]
