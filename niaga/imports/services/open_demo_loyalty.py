from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.organization.access import Actor
from niaga.pricing.rules.new_promotion import NewPromotion, NewScope
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.save_tier import save_tier
from niaga.pricing.services.set_programme import NewProgramme, set_programme


@transaction.atomic
def open_demo_loyalty(*, company_id: UUID, categories: Mapping[str, UUID], by: Actor, at: datetime) -> None:
    """A programme of one percent back with two tiers, and a promotion for the higher one.

    It holds from `at` on, so that the sales played after it earn and use points.
    """
    set_programme(
        company_id=company_id, by=by, at=at,
        programme=NewProgramme(
            name="Poin Nusa", valid_from=at.date(), per_amount=Decimal(100_000), point_value=Decimal(1_000),
            least_points=10, step_points=10, most_percent=Decimal(25), expires_after=12, welcome_points=20,
            excluded=(NewScope(category_id=categories["Beras"]),),
        ),
    )  # fmt: skip
    tiers = [
        save_tier(company_id=company_id, name=name, threshold=threshold, multiplier=times, by=by, at=at)
        for name, threshold, times in (("Perak", 200, Decimal("1.25")), ("Emas", 600, Decimal("1.5")))
    ]
    create_promotion(
        company_id=company_id, by=by, at=at,
        promotion=NewPromotion(
            name="Khusus anggota Emas: kopi & teh", kind="percent", tiers=((Decimal(0), Decimal(3)),),
            scopes=(NewScope(category_id=categories["Kopi & teh"]),), tier_id=tiers[1].id, valid_from=at.date(),
        ),
    )  # fmt: skip
