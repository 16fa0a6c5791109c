from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.organization.access import Actor
from niaga.pricing.rules.new_promotion import NewPromotion, NewScope
from niaga.pricing.services.prepare_promotion import prepare_promotion


@transaction.atomic
def prepare_demo_promotion(
    *, company_id: UUID, categories: Mapping[str, UUID], by: Actor, at: datetime, today: date
) -> None:
    """A promotion of coffee and tea for the end of the year, prepared and waiting to be looked at and published."""
    prepare_promotion(
        company_id=company_id, by=by, at=at,
        promotion=NewPromotion(
            name="Akhir tahun: kopi & teh", kind="percent", scopes=(NewScope(category_id=categories["Kopi & teh"]),),
            tiers=((Decimal(0), Decimal(3)), (Decimal(60), Decimal(6))), valid_from=today + timedelta(days=3),
            valid_to=today + timedelta(days=38), budget=Decimal(25_000_000),
        ),
    )  # fmt: skip
