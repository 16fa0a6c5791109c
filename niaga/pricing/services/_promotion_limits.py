"""Limits of promotions, and what is used of them."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from niaga.core.inputs import Findings
from niaga.core.money import exponent, round_to
from niaga.pricing.models import Promotion, PromotionUsage, PromotionUse
from niaga.ui.formatting import number


def not_below_what_is_used(found: Promotion, values: dict[str, Any], *, lock: bool = True) -> None:
    """Locks the usage, which confirming documents lock too: no limit ever lies below what is used.

    Without `lock` for a page that only asks.

    :raises Invalid: a limit would; archiving ends a promotion at once
    """
    lowered = {
        name
        for name in ("most_uses", "most_per_customer", "budget")
        if values[name] is not None and (getattr(found, name) is None or values[name] < getattr(found, name))
    }
    if not lowered:
        return
    usage = _usage_of(found, lock=lock)
    by_customer = (
        PromotionUse.objects.filter(promotion=found, released_at=None, customer__isnull=False)
        .values("customer").annotate(uses=Count("pk")).aggregate(most=Max("uses"))["most"] or 0
    )  # fmt: skip
    findings = Findings()
    for name, used in (("most_uses", usage.uses), ("most_per_customer", by_customer), ("budget", usage.amount)):
        if name in lowered and values[name] < used:
            text = _("%(used)s is used already. Archive it to end it at once.")
            findings.add(0, name, text % {"used": number(round_to(Decimal(used), exponent(found.currency)))})
    findings.raise_if_any()


def _usage_of(found: Promotion, *, lock: bool) -> PromotionUsage:
    """What is used of it. Locked: that of a promotion without any limit was not counted, and is now, as its uses say:
    who uses it holds its key, so that this waits for them, and they for this."""
    rows = PromotionUsage.objects.select_for_update() if lock else PromotionUsage.objects
    if found.is_limited:
        return rows.get(promotion=found)
    if lock:
        Promotion.objects.select_for_update().get(pk=found.pk)
    live = PromotionUse.objects.filter(promotion=found, released_at=None)
    sums = live.aggregate(uses=Count("pk"), amount=Coalesce(Sum("amount"), Decimal(0)))
    usage = rows.get(promotion=found)
    usage.uses, usage.amount = sums["uses"], sums["amount"]
    if lock:
        usage.save(update_fields=["uses", "amount"])
    return usage
