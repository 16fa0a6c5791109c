"""Changes prepared aside, for tests, and what is told of them before they hold."""

from decimal import Decimal
from typing import Any

from niaga.organization.access import SYSTEM
from niaga.organization.tests.makers import AT
from niaga.pricing.models import PriceChange
from niaga.pricing.queries.price_changes import Counted, Found, counted
from niaga.pricing.queries.subjects import subject_at_work
from niaga.pricing.queries.what_if_products import ProductFigures
from niaga.pricing.rules.new_promotion import NewPromotion
from niaga.pricing.services.prepare_promotion import prepare_promotion

HOW: dict[str, Any] = {"by": SYSTEM, "at": AT}


def new(kind: str = "percent", *tiers: tuple[int, int], **facts: Any) -> NewPromotion:
    """A promotion as it is typed, 10 % off everything unless something else is said."""
    steps = tuple((Decimal(least), Decimal(figure)) for least, figure in tiers or ((0, 10),))
    return NewPromotion(**{"name": "Obral", "kind": kind, "tiers": steps, **facts})


def prepared(company: Any, promotion: NewPromotion) -> PriceChange:
    return prepare_promotion(company_id=company.pk, promotion=promotion, **HOW)


def asked(change: PriceChange) -> Counted:
    change = PriceChange.objects.get(pk=change.pk)
    return counted(Found(subject_at_work(change.subject_kind, change.subject_id), change), at=AT)


def figures(change: PriceChange) -> ProductFigures:
    found = asked(change).figures
    assert found is not None
    return found
