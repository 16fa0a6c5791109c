from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Forbidden, StaleVersion
from niaga.organization.access import Actor, access_of
from niaga.pricing.models import PriceList, PriceListRule
from niaga.pricing.queries.differences_of import rules_now
from niaga.pricing.queries.price_lists import lock_price_list
from niaga.pricing.rules.differences import Differences, data_tells_cost, rule_data
from niaga.pricing.services._publication import note_publication
from niaga.pricing.services._rules import NewRule, RulesCheck, lock_book

__all__ = ["NewRule", "set_rules"]


@transaction.atomic
def set_rules(
    *,
    price_list_id: UUID,
    rules: Sequence[NewRule],
    by: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> int:
    """Give a list these formulas in the place of those it has: all or none, in the order given. Returns its version.

    :raises NotFound, Forbidden: no such list, or `by` may not change it, or may not know the cost that a formula asks
    :raises StaleVersion: somebody else saved since `expected_version`
    :raises BadRules: figures that cannot be, things the company has not, lists in a ring; each is answered
    """
    found = lock_price_list(by, price_list_id, "change")
    if expected_version is not None and expected_version != found.version:
        raise StaleVersion()
    lock_book(found.company_id)
    rows = RulesCheck(found, by).rows(rules)
    before = rules_now(found.id)
    after = [rule_data(row) for row in rows]
    if before == after:
        return found.version
    if not access_of(by).sees_cost and any(data_tells_cost(row) for row in after if row not in before):
        raise Forbidden(_("Only who may see cost can base prices on it."))
    PriceListRule.objects.filter(price_list=found).delete()
    batch = Batch()
    batch.insert(PriceListRule, rows)
    batch.update(PriceList, where={"id": found.id}, values={"version": found.version + 1})
    record(
        batch=batch, subject_kind="price_list", subject_id=found.id, verb="set_rules", by=by.pk, at=at,
        company_id=found.company_id, data={"before": before, "after": after},
    )  # fmt: skip
    note_publication(
        batch=batch, found=found, differences=Differences(rules=(before, after)), kind="edit", by=by.pk, at=at
    )
    batch.write()
    return found.version + 1
