"""A role that postings name from now on, in the books that are there."""

from django.db.migrations import RunSQL

_OPEN = """
DO $$
DECLARE
  one record;
  free text;
  made uuid;
BEGIN
  FOR one IN
    SELECT DISTINCT c.company_id FROM ledger_roleaccount c
     WHERE NOT EXISTS (SELECT 1 FROM ledger_roleaccount r WHERE r.company_id = c.company_id AND r.role = '{role}')
  LOOP
    SELECT n::text INTO free FROM generate_series({code}, 9999) n
     WHERE NOT EXISTS (SELECT 1 FROM ledger_account a WHERE a.company_id = one.company_id AND a.code = n::text)
     ORDER BY n LIMIT 1;
    INSERT INTO ledger_account (id, company_id, code, name)
    VALUES (gen_random_uuid(), one.company_id, free, '{name}') RETURNING id INTO made;
    INSERT INTO ledger_roleaccount (id, company_id, role, account_id)
    VALUES (gen_random_uuid(), one.company_id, '{role}', made);
  END LOOP;
END $$;
"""


def open_role(role: str, *, code: int, name: str) -> RunSQL:
    """Every company that has books gets an account for the role, under the first free code from `code` on; one that
    has an account for it keeps it. Words without quotes."""
    return RunSQL(_OPEN.format(role=role, code=code, name=name), RunSQL.noop)
