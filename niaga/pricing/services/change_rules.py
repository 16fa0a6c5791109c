from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.catalog.queries.price_scopes import known_scopes
from niaga.core.batch import Batch
from niaga.core.errors import Forbidden
from niaga.core.flow import move
from niaga.organization.access import Actor, access_of
from niaga.pricing.models import PriceChange, PriceList
from niaga.pricing.queries.differences_of import rules_now
from niaga.pricing.rules.differences import data_tells_cost, rule_data
from niaga.pricing.rules.price_change import FLOW
from niaga.pricing.services._change import lock_list_change
from niaga.pricing.services._rules import NewRule, RulesCheck, rules_from


@transaction.atomic
def change_rules(
    *, change_id: UUID, rules: Sequence[NewRule], by: Actor, at: datetime, expected_version: int | None = None
) -> PriceChange:
    """Write into a prepared change which formulas the list is to have, in the place of all that it has.

    :raises NotFound, Forbidden, StaleVersion, WrongState: see `lock_list_change`
    :raises BadRules: see `set_rules`
    """
    found, change = lock_list_change(change_id=change_id, move="change", by=by, expected_version=expected_version)
    after = [rule_data(row) for row in RulesCheck(found, by).rows(rules)]
    before = rules_now(found.id)
    known = [*before, *(change.rules["after"] if change.rules is not None else ())]
    if not access_of(by).sees_cost and any(data_tells_cost(row) for row in after if row not in known):
        raise Forbidden(_("Only who may see cost can base prices on it."))
    kept = {"before": before, "after": after} if before != after else None
    if kept == change.rules:
        return change
    batch = Batch()
    move(
        batch=batch, flow=FLOW, document=change, move="change", by=by.pk, at=at, values={"rules": kept},
        data={"rules": kept},
    )  # fmt: skip
    batch.write()
    change.rules = kept
    return change


def drafted_rules(found: PriceList, change: PriceChange) -> list[NewRule]:
    """The formulas as the change leaves them, to be changed further. Two statements."""
    data = change.rules["after"] if change.rules is not None else rules_now(found.id)
    scopes = known_scopes(company_id=found.company_id, products=(), families=(), categories=())
    return rules_from(data, {key: code for code, key in scopes.units.items()})
