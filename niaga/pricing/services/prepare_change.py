from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.batch import Batch
from niaga.organization.access import Actor
from niaga.organization.services.tracked import add_row
from niaga.pricing.models import PriceChange
from niaga.pricing.queries.price_lists import lock_price_list
from niaga.pricing.rules.differences import Pair, heads_as_text


@transaction.atomic
def prepare_change(
    *, price_list_id: UUID, name: str, by: Actor, at: datetime, heads: dict[str, Pair] | None = None
) -> PriceChange:
    """Begin a change of a list that is prepared aside. Nothing of it holds before it is published.

    :raises NotFound, Forbidden: no such list, or `by` may not change it
    :raises ValueNeeded, ValueTooLong: the name
    """
    found = lock_price_list(by, price_list_id, "change")
    values = {
        "company_id": found.company_id, "subject_id": found.id, "name": name, "heads": heads_as_text(heads or {}),
        "seen_version": found.version, "created_by": by.pk, "created_at": at, "updated_at": at,
    }  # fmt: skip
    batch = Batch()
    change_id = add_row(
        batch=batch, model=PriceChange, kind="price_change", values=values, by=by.pk, at=at,
        company_id=found.company_id, verb="prepare",
    )  # fmt: skip
    batch.write()
    return PriceChange.objects.get(pk=change_id)
