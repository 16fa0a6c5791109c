import re
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.core.ids import new_id
from niaga.organization.access import Actor
from niaga.organization.services.tracked import AlreadyTaken, write
from niaga.parties.queries.customers import is_seen
from niaga.pricing.models import Coupon
from niaga.pricing.queries.promotions import lock_promotion
from niaga.pricing.rules.coupon import code_of

MOST_COUPONS = 10_000
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without what is misread: I and 1, O and 0."""
_SHAPE = re.compile(r"[A-Z0-9][A-Z0-9_-]{1,39}")


@transaction.atomic
def make_coupons(
    *,
    promotion_id: UUID,
    by: Actor,
    at: datetime,
    codes: Sequence[str] = (),
    count: int = 0,
    prefix: str = "",
    most_uses: int | None = None,
    most_per_customer: int | None = None,
    customer_id: UUID | None = None,
    valid_to: date | None = None,
) -> list[Coupon]:
    """Give a promotion coupons: by the `codes` named, or `count` codes that nobody can guess. All or none.

    A code that everybody may use once is `most_per_customer=1`; a voucher that is gone after it was used is
    `most_uses=1`.

    :raises NotFound, Forbidden: no such promotion, or `by` may not change it
    :raises Invalid: no code, one that cannot be, or too many; a promotion that asks for no coupon
    :raises AlreadyTaken: the company has a coupon with this code
    """
    found = lock_promotion(by, promotion_id, "change")
    if not found.by_coupon:
        raise Invalid(_("This promotion holds without a coupon. Say first that it needs one."), field="codes")
    wanted = list(dict.fromkeys(code_of(code) for code in codes if code.strip()))
    start = code_of(prefix)
    if count and not wanted:
        if not 1 <= count <= MOST_COUPONS:
            raise Invalid(_("At most %(most)s coupons at a time.") % {"most": MOST_COUPONS}, field="count")
        while len(wanted) < count:
            missing = count - len(wanted)
            drawn = (start + "".join(secrets.choice(_ALPHABET) for _n in range(10)) for _m in range(missing))
            wanted = list(dict.fromkeys([*wanted, *drawn]))
    if not wanted or len(wanted) > MOST_COUPONS:
        raise Invalid(_("Give a code, or say how many."), field="codes")
    bad = next((code for code in wanted if not _SHAPE.fullmatch(code)), None)
    if bad is not None:
        text = _("“%(code)s” cannot be a code: 2 to 40 letters, digits, - or _.")
        raise Invalid(text % {"code": bad[:40]}, field="prefix" if start and not codes else "codes")
    for name, value in (("most_uses", most_uses), ("most_per_customer", most_per_customer)):
        if value is not None and not 1 <= value <= 1_000_000:
            raise Invalid(_("Between 1 and 1,000,000, or empty for no limit."), field=name)
    if customer_id is not None and not is_seen(by, found.company_id, customer_id):
        raise Invalid(_("There is no such customer."), field="customer_id")
    taken = Coupon.objects.filter(company_id=found.company_id, code__in=wanted).values_list("code", flat=True).first()
    if taken is not None:
        raise AlreadyTaken(_("The code %(code)s is already taken.") % {"code": taken}, field="codes")
    rows = [
        {"id": new_id(), "company_id": found.company_id, "promotion_id": found.id, "code": code,
         "customer_id": customer_id, "valid_to": valid_to, "most_uses": most_uses,
         "most_per_customer": most_per_customer, "uses": 0, "created_at": at, "archived_at": None}
        for code in wanted
    ]  # fmt: skip
    batch = Batch()
    batch.insert(Coupon, rows)
    record(
        batch=batch, subject_kind="promotion", subject_id=found.id, verb="make_coupons", by=by.pk, at=at,
        company_id=found.company_id,
        data={"count": len(wanted), "codes": wanted[:200], "most_uses": most_uses,
              "most_per_customer": most_per_customer},
    )  # fmt: skip
    write(batch, unique={"one_coupon_code": "codes"})
    return [Coupon(**row) for row in rows]
