from django.db import migrations

# Standard roles of companies that are there get what new companies' roles have; own roles are the company's to decide.
GRANT = """
INSERT INTO organization_grant (id, role_id, kind, action, scope)
SELECT gen_random_uuid(), r.id, 'approval', a.action, a.scope FROM organization_role r
  JOIN (VALUES ('owner', 'view', 'all'), ('owner', 'decide', 'all'), ('owner', 'manage', 'all'),
               ('owner', 'export', 'all'), ('administrator', 'view', 'all'), ('administrator', 'decide', 'all'),
               ('administrator', 'manage', 'all'), ('administrator', 'export', 'all'), ('auditor', 'view', 'all'),
               ('auditor', 'export', 'all'), ('finance', 'view', 'all'), ('finance', 'decide', 'all'),
               ('finance', 'export', 'all'), ('sales_admin', 'view', 'all'), ('sales_admin', 'export', 'all'),
               ('sales_manager', 'view', 'team'), ('sales_manager', 'decide', 'team'),
               ('sales_manager', 'export', 'team'), ('salesperson', 'view', 'own')) AS a(role, action, scope)
    ON a.role = r.code
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("organization", "0004_tax_by_who_and_where")]
    operations = [migrations.RunSQL(GRANT, migrations.RunSQL.noop)]
