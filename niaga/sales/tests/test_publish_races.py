"""Publishing prices and promotions while others publish, take back and sell, with real processes."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from niaga.core.errors import Refusal
from niaga.core.models import AuditEntry
from niaga.organization.models import User
from niaga.pricing.models import PriceChange, PriceListEntry, PromotionTier, Publication
from niaga.pricing.services.change_entries import change_entries
from niaga.pricing.services.change_heads import change_heads
from niaga.pricing.services.create_promotion import NewPromotion
from niaga.pricing.services.prepare_change import prepare_change
from niaga.pricing.services.prepare_promotion_change import prepare_promotion_change
from niaga.pricing.services.publish_change import publish_change
from niaga.pricing.services.schedule_change import schedule_change
from niaga.pricing.services.set_prices import NewPrice
from niaga.pricing.tests.makers import make_price_list, make_promotion
from niaga.sales.models import QuotationLine, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.tests.test_races import at_once
from tests.makers import NOW, World, make_customer, make_product, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = (Decimal(95_000), Decimal(74_000)), (Decimal(97_000), Decimal(76_000))
LATER = NOW + timedelta(hours=2)


class Shop:
    """Two products in a price list, and a promotion of 10 % on both."""

    def __init__(self, *, promotion: bool = False) -> None:
        self.world: World = make_world()
        self.how: dict[str, Any] = {"by": self.world.owner, "at": NOW}
        self.products = [make_product(self.world, price=Decimal(100_000), stock=10_000) for _turn in range(2)]
        first, second = self.products
        rows = {(first, 0): int(OLD[0]), (second, 0): int(OLD[1])}
        self.prices = make_price_list(self.world.company, rows)  # type: ignore[arg-type]
        self.promotion = make_promotion(self.world.company) if promotion else None

    def change(self, prices: tuple[Decimal, Decimal] = NEW) -> PriceChange:
        """Both prices and the list's priority, prepared."""
        change = prepare_change(price_list_id=self.prices.pk, name="Harga Desember", **self.how)
        rows = [NewPrice(price, product.pk) for price, product in zip(prices, self.products, strict=True)]
        change_entries(change_id=change.pk, prices=rows, **self.how)
        return change_heads(change_id=change.pk, priority=int(prices[0]) % 7, **self.how)

    def promotion_change(self, percent: int) -> PriceChange:
        assert self.promotion is not None
        wanted = NewPromotion(name="Obral", kind="percent", tiers=((Decimal(0), Decimal(percent)),))
        return prepare_promotion_change(
            promotion_id=self.promotion.pk, name=f"{percent} %", promotion=wanted, **self.how
        )  # fmt: skip

    def now(self) -> tuple[Decimal, ...]:
        found = dict(PriceListEntry.objects.filter(price_list=self.prices).values_list("product_id", "price"))
        return tuple(found[product.pk] for product in self.products)


def _publish(change_id: UUID, user_id: UUID) -> None:
    publish_change(change_id=change_id, by=User.objects.get(pk=user_id), at=NOW)


def _publish_due(_turn: int) -> None:
    from niaga.pricing.services.publish_at_its_moment import publish_due

    publish_due(at=LATER)


def _roll_back(publication_id: UUID, user_id: UUID) -> None:
    from niaga.pricing.services.roll_back import roll_back

    roll_back(publication_id=publication_id, by=User.objects.get(pk=user_id), at=NOW)


def _sell(world: World, customer_id: UUID, products: list[UUID], times: int) -> None:
    """Offers that are sent and orders that are confirmed; who is told that prices changed lets it be."""
    from niaga.sales.services.confirm_order import confirm_order
    from niaga.sales.services.draft_order import OrderDetails, draft_order
    from niaga.sales.services.draft_quotation import QuotationDetails, draft_quotation
    from niaga.sales.services.send_quotation import send_quotation

    wanted = [LineInput(product_id=product_id, quantity=Decimal(1)) for product_id in products]
    how: dict[str, Any] = {"branch_id": world.branch.id, "by": world.owner, "at": NOW}
    for _turn in range(times):
        try:
            offer = draft_quotation(customer_id=customer_id, lines=wanted, details=QuotationDetails(), **how)
            send_quotation(quotation_id=offer.id, by=world.owner, at=NOW)
            order = draft_order(customer_id=customer_id, lines=wanted, details=OrderDetails(), **how)
            confirm_order(order_id=order.id, by=world.owner, at=NOW)
        except Refusal as refusal:
            if refusal.code != "prices_changed":
                raise


def _publish_and_take_back(change_ids: list[UUID], user_id: UUID) -> None:
    from niaga.pricing.services.review_change import review_change
    from niaga.pricing.services.roll_back import roll_back

    by = User.objects.get(pk=user_id)
    for change_id in change_ids:
        review_change(change_id=change_id, by=by, at=NOW)
        done = publish_change(change_id=change_id, by=by, at=NOW)
        roll_back(publication_id=done.pk, by=by, at=NOW)


@pytest.mark.parametrize("kind", ["price_list", "promotion"])
def test_of_four_who_publish_one_change_at_once_one_does(kind: str):
    shop = Shop(promotion=kind == "promotion")
    change = shop.promotion_change(20) if kind == "promotion" else shop.change()

    answers = at_once(*[(_publish, (change.pk, shop.world.owner.id))] * 4)

    assert answers == ["done"] + ["wrong_state"] * 3
    publication = Publication.objects.get(change_id=change.pk)
    verbs = AuditEntry.objects.filter(subject_id=publication.subject_id, verb="publish")
    assert (publication.kind, verbs.count()) == ("change", 1)
    if kind == "promotion":
        assert list(PromotionTier.objects.values_list("figure", flat=True)) == [20]
    else:
        assert shop.now() == NEW


@pytest.mark.parametrize("kind", ["price_list", "promotion"])
def test_of_two_changes_published_at_once_one_holds_whole_and_the_other_is_told(kind: str):
    shop = Shop(promotion=kind == "promotion")
    other = (Decimal(99_000), Decimal(78_000))
    if kind == "promotion":
        changes = [shop.promotion_change(20), shop.promotion_change(30)]
    else:
        changes = [shop.change(), shop.change(other)]

    answers = at_once(*[(_publish, (change.pk, shop.world.owner.id)) for change in changes])

    assert answers == ["done", "list_changed"]
    won = PriceChange.objects.get(status="published")
    assert Publication.objects.filter(change_id__in=[change.pk for change in changes]).count() == 1
    if kind == "promotion":
        assert [f"{tier.figure:.0f} %" for tier in PromotionTier.objects.all()] == [won.name]
    else:
        assert shop.now() == (NEW if won.pk == changes[0].pk else other)


@pytest.mark.parametrize("kind", ["price_list", "promotion"])
def test_of_a_publication_and_the_way_back_at_once_exactly_one_wins(kind: str):
    shop = Shop(promotion=kind == "promotion")
    first = shop.promotion_change(20) if kind == "promotion" else shop.change()
    done = publish_change(change_id=first.pk, **shop.how)
    newest = (Decimal(99_000), Decimal(78_000))
    second = shop.promotion_change(30) if kind == "promotion" else shop.change(newest)

    answers = at_once(
        (_publish, (second.pk, shop.world.owner.id)), (_roll_back, (done.pk, shop.world.owner.id)),
    )  # fmt: skip

    is_published = PriceChange.objects.get(pk=second.pk).status == "published"
    assert answers == (["changed_since", "done"] if is_published else ["done", "list_changed"])
    assert Publication.objects.filter(reverses_id=done.pk).exists() is not is_published
    if kind == "promotion":
        assert PromotionTier.objects.get().figure == (30 if is_published else 10)
    else:
        assert shop.now() == (newest if is_published else OLD)


def test_a_change_at_its_moment_is_published_once_by_workers_and_a_person_together():
    shop = Shop()
    change = shop.change()
    schedule_change(change_id=change.pk, publish_at=NOW + timedelta(hours=1), **shop.how)

    answers = at_once(
        (_publish_due, (1,)), (_publish_due, (2,)), (_publish, (change.pk, shop.world.owner.id)),
    )  # fmt: skip

    assert set(answers) <= {"done", "wrong_state"}
    assert Publication.objects.filter(change_id=change.pk).count() == 1
    assert (PriceChange.objects.get().status, shop.now()) == ("published", NEW)


def test_documents_written_while_prices_are_published_and_taken_back_have_one_whole_version_each():
    shop = Shop(promotion=True)
    changes = []
    for turn in range(4):
        changes += [shop.change().pk, shop.promotion_change(20 + turn).pk]
    customer = make_customer(shop.world)
    products = [product.pk for product in shop.products]
    sale = (_sell, (shop.world, customer.pk, products, 6))

    answers = at_once(sale, sale, sale, (_publish_and_take_back, (changes, shop.world.owner.id)))

    assert answers == ["done"] * 4
    assert shop.now() == OLD
    assert Publication.objects.filter(kind="rollback").count() == len(changes)
    assert SalesOrder.objects.filter(status="confirmed").exists()
    for model, key in ((SalesOrderLine, "order_id"), (QuotationLine, "quotation_id")):
        documents: dict[UUID, dict[UUID, tuple[Decimal, Decimal]]] = {}
        rows = model.objects.values_list(key, "product_id", "unit_price", "promotion_discount")
        for document_id, product_id, price, off in rows:
            documents.setdefault(document_id, {})[product_id] = (price, off * 100 / price)
        for found in documents.values():
            (first, first_off), (second, second_off) = (found[product_id] for product_id in products)
            assert (first, second) in (OLD, NEW)
            assert first_off == second_off
            assert first_off in (10, 20, 21, 22, 23)
