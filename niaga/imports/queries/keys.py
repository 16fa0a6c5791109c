"""What rows of a file may refer to, by the words people use for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection


@dataclass(frozen=True, slots=True)
class Keys:
    """Ids by folded word: code or name; people by user name, e-mail or name. Archived things are not there."""

    groups: Mapping[str, UUID]
    terms: Mapping[str, UUID]
    branches: Mapping[str, UUID]
    people: Mapping[str, UUID]
    warehouses: Mapping[str, UUID]
    categories: Mapping[tuple[UUID | None, str], UUID]
    price_lists: Mapping[str, UUID]
    names: Mapping[UUID, str]
    """What each of them is called, to be shown."""


_SQL = """
SELECT 'group', code, name, '', id, NULL::uuid FROM parties_customergroup
  WHERE company_id = %(company)s::uuid AND archived_at IS NULL
UNION ALL SELECT 'term', code, name, '', id, NULL FROM parties_paymentterm
  WHERE company_id = %(company)s::uuid AND archived_at IS NULL
UNION ALL SELECT 'branch', code, name, '', id, NULL FROM organization_branch
  WHERE company_id = %(company)s::uuid AND archived_at IS NULL
UNION ALL SELECT 'person', u.username, u.email, u.name, u.id, NULL FROM organization_user u
  WHERE u.is_active AND u.id IN (SELECT user_id FROM organization_membership WHERE company_id = %(company)s::uuid)
UNION ALL SELECT 'warehouse', code, name, '', id, branch_id FROM stock_warehouse
  WHERE company_id = %(company)s::uuid AND archived_at IS NULL
UNION ALL SELECT 'category', name, '', '', id, parent_id FROM catalog_category
  WHERE company_id = %(company)s::uuid
UNION ALL SELECT 'list', code, '', '', id, NULL FROM pricing_pricelist
  WHERE company_id = %(company)s::uuid AND archived_at IS NULL
UNION ALL SELECT 'unit', code, '', '', id, NULL FROM catalog_unit WHERE company_id = %(company)s::uuid
UNION ALL SELECT 'tax', code, name, '', id, NULL FROM catalog_taxcategory WHERE company_id = %(company)s::uuid
"""


def load_keys(company_id: UUID) -> Keys:
    """One statement; settings are few."""
    words: dict[str, dict[str, UUID]] = {
        kind: {} for kind in ("group", "term", "branch", "person", "warehouse", "list", "unit", "tax")
    }
    categories: dict[tuple[UUID | None, str], UUID] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"company": company_id})
        rows = cursor.fetchall()
    for place in (3, 2, 1):  # the code wins over the name when both are somebody's
        for row in rows:
            kind, word, key = row[0], row[place], row[4]
            if kind == "category":
                categories[row[5], row[1].casefold()] = key
            elif word:
                words[kind][word.strip().casefold()] = key
    return Keys(
        groups=words["group"], terms=words["term"], branches=words["branch"], people=words["person"],
        warehouses=words["warehouse"], categories=categories, price_lists=words["list"],
        names={row[4]: row[3] or row[2] or row[1] for row in rows},
    )  # fmt: skip
