from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.imports.rules.demo_world import Good
from niaga.organization.access import Actor
from niaga.parties.queries.settings import groups_by_code
from niaga.pricing.rules.new_promotion import NewPromotion, NewScope
from niaga.pricing.services.agree_discount import agree_discount
from niaga.pricing.services.create_promotion import create_promotion
from niaga.pricing.services.make_coupons import make_coupons

_WEEKEND = 0b1100000


@transaction.atomic
def open_demo_offers(
    *,
    company_id: UUID,
    categories: Mapping[str, UUID],
    range_: Sequence[Good],
    product_ids: Sequence[UUID],
    partner_id: UUID,
    by: Actor,
    at: datetime,
    today: date,
) -> None:
    """One promotion of most kinds, a coupon, a discount agreed with the customer `partner_id` under a contract.

    They hold from `at` on, so that the sales played after it are priced by them; one ended before `today`, one begins
    after it.
    """
    keys = dict(zip((good.sku for good in range_), product_ids, strict=True))
    groups = groups_by_code(company_id)
    first, week = at.date(), timedelta(days=7)

    def of(category: str) -> NewScope:
        return NewScope(category_id=categories[category])

    offers = (
        NewPromotion(
            name="Biskuit: beli 11 dapat 1", kind="buy_get", buy=Decimal(11), get=Decimal(1),
            tiers=((Decimal(0), Decimal(100)),), scopes=(of("Camilan"),), group_id=groups["RETAIL"], valid_from=first,
            most_times=20,
        ),
        NewPromotion(
            name="Sabun makin banyak makin hemat", kind="percent", scopes=(of("Kebersihan"),), valid_from=first,
            tiers=((Decimal(24), Decimal(2)), (Decimal(96), Decimal(4))),
        ),
        NewPromotion(
            name="Belanja 5 juta potong 50 ribu", kind="basket_amount", scopes=(NewScope(),), priority=-1,
            tiers=((Decimal(5_000_000), Decimal(50_000)), (Decimal(20_000_000), Decimal(250_000))),
            group_id=groups["RETAIL"], valid_from=first, budget=Decimal(40_000_000),
        ),
        NewPromotion(
            name="Gratis ongkir mulai 10 juta", kind="free_delivery", scopes=(NewScope(),),
            tiers=((Decimal(10_000_000), Decimal(100)),), valid_from=first,
        ),
        NewPromotion(
            name="Bonus sirup untuk HORECA", kind="gift", scopes=(of("Kopi & teh"),), group_id=groups["HORECA"],
            tiers=((Decimal(15_000_000), Decimal(2)),), gift_product_id=keys["MNM-0001"], valid_from=first,
            most_per_customer=3,
        ),
        NewPromotion(
            name="Paket ngopi hemat", kind="bundle_price", tiers=((Decimal(0), Decimal(99_000)),), most_times=10,
            scopes=(
                NewScope(role="part", product_id=keys["KOP-0001"], quantity=Decimal(1)),
                NewScope(role="part", product_id=keys["GUL-0001"], quantity=Decimal(1)),
            ),
            group_id=groups["RETAIL"], valid_from=today - 2 * week, valid_to=today + 4 * week,
        ),
        NewPromotion(
            name="Sore hemat akhir pekan", kind="percent", scopes=(of("Susu"),), tiers=((Decimal(0), Decimal(3)),),
            weekdays=_WEEKEND, from_time=time(15), until_time=time(20), valid_from=first, exclusive=True,
        ),
        NewPromotion(
            name="Obral mi bulan lalu", kind="percent", scopes=(of("Mi & pasta"),), tiers=((Decimal(0), Decimal(6)),),
            valid_from=first, valid_to=today - 3 * week,
        ),
        NewPromotion(
            name="Pekan tepung", kind="percent", scopes=(of("Tepung"),), tiers=((Decimal(0), Decimal(4)),),
            valid_from=today + 2 * week, valid_to=today + 3 * week,
        ),
    )  # fmt: skip
    for offer in offers:
        create_promotion(company_id=company_id, promotion=offer, by=by, at=at)
    voucher = create_promotion(
        company_id=company_id, by=by, at=at,
        promotion=NewPromotion(
            name="Voucher sahabat", kind="basket_amount", scopes=(NewScope(),), by_coupon=True, valid_from=first,
            tiers=((Decimal(500_000), Decimal(25_000)),), budget=Decimal(5_000_000),
        ),
    )  # fmt: skip
    make_coupons(promotion_id=voucher.id, codes=("SAHABAT25",), most_uses=200, most_per_customer=1, by=by, at=at)
    make_coupons(promotion_id=voucher.id, prefix="PAMERAN-", count=20, most_uses=1, by=by, at=at)
    agree_discount(
        customer_id=partner_id, by=by, at=at,
        discount=NewPromotion(
            name="Kontrak tahunan: beras", kind="percent", scopes=(of("Beras"),), tiers=((Decimal(0), Decimal(2)),),
            valid_from=first, valid_to=date(today.year + 1, 12, 31),
        ),
        contract=[("kontrak-beras.txt", _CONTRACT.encode())],
    )  # fmt: skip


_CONTRACT = """PERJANJIAN HARGA
PT Nusa Pangan Sejahtera memberi potongan 2 % untuk semua beras, selama kontrak ini berlaku.
"""
