from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.catalog.queries.catalog_lists import tax_categories_for
from niaga.core.errors import Refusal
from niaga.organization.access import Actor
from niaga.payments.queries.payments import listed_payments
from niaga.payments.services.record_giro_return import record_giro_return
from niaga.payments.services.save_giro_fee_setting import save_giro_fee_setting

RETURNED = 2
"""So many giros that waited come back: the first one's customer is charged, the other one's may be."""


@transaction.atomic
def open_demo_giro_fees(*, company_id: UUID, owner: Actor, by: Actor, at: datetime) -> None:
    """Rp 75.000 and PPN for a returned giro, usually charged."""
    taxed = tax_categories_for(owner).order_by("name", "id").first()
    save_giro_fee_setting(
        company_id=company_id, amount=Decimal(75_000), is_usual=True, tax_category_id=taxed.pk if taxed else None,
        by=owner, at=at - timedelta(days=30),
    )  # fmt: skip
    giros = listed_payments(by=by).filter(method="giro", status="recorded", clearing=None, currency="IDR")
    for place, giro in enumerate(giros.order_by("-created_at", "id")[:RETURNED]):
        with suppress(Refusal), transaction.atomic():
            record_giro_return(
                payment_id=giro.pk, reason="Tolakan kliring: saldo tidak cukup",
                giro_fee=Decimal(75_000) if place == 0 else None, by=by, at=at - timedelta(hours=2),
            )  # fmt: skip
