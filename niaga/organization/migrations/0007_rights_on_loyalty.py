from django.db import migrations

# Standard roles of companies that are there get what new companies' roles have; own roles are the company's to decide.
GRANT = """
INSERT INTO organization_grant (id, role_id, kind, action, scope)
SELECT gen_random_uuid(), r.id, 'loyalty', a.action, 'all' FROM organization_role r
  CROSS JOIN (VALUES ('view'), ('change'), ('adjust'), ('export')) AS a(action)
 WHERE r.code IN ('owner', 'administrator', 'sales_admin')
    OR (r.code = 'sales_manager' AND a.action <> 'change')
    OR (r.code = 'auditor' AND a.action IN ('view', 'export'))
    OR (r.code IN ('salesperson', 'finance', 'cashier') AND a.action = 'view')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("organization", "0006_currencies")]
    operations = [migrations.RunSQL(GRANT, migrations.RunSQL.noop)]
