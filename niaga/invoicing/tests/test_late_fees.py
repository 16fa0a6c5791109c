"""Fees of who pays late: one invoice a customer and month, never the same days twice, let go by who may."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from niaga.catalog.rules.tax_rates import NewTaxRate
from niaga.catalog.services.save_tax_category import save_tax_category
from niaga.core.errors import Forbidden, Invalid
from niaga.invoicing.errors import LateFeeRuleTaken, NothingToWaive, ReasonMissing
from niaga.invoicing.models import Invoice, InvoiceBalance, InvoiceLine, LateFee, LateFeeDays, LateFeeWaiver
from niaga.invoicing.services.charge_late_fees import charge_late_fees
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.invoicing.services.propose_late_fees import propose_late_fees
from niaga.invoicing.services.raise_dispute import raise_dispute
from niaga.invoicing.services.save_late_fee_rule import RuleInput, save_late_fee_rule
from niaga.invoicing.services.tell_uncharged import tell_uncharged
from niaga.invoicing.services.waive_late_days import waive_late_days
from niaga.invoicing.services.waive_late_fee import waive_late_fee
from niaga.invoicing.services.write_off_invoice import write_off_invoice
from niaga.invoicing.tests.makers import days_later, make_claim
from niaga.ledger.models import JournalLine
from niaga.messaging.queries.notices import notices, words
from niaga.organization.access import SYSTEM
from niaga.parties.models import CreditAccount
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.sales.services.credit_invoice import credit_invoice
from niaga.sales.services.discard_invoice import discard_invoice
from tests.makers import NOW, World, make_customer, make_issued_invoice, make_product, make_user, make_world
from tests.scenarios.foreign_books import exporter, line, rated

pytestmark = pytest.mark.django_db

DECEMBER = date(2026, 12, 1)
AFTER = datetime.fromisoformat("2027-01-04T02:00:00Z")
LATE_DAYS = 38  # 24 November to 31 December


def make_rule(world: World, **facts: Any) -> UUID:
    """2 % a month from the beginning of 2026."""
    rule = RuleInput(**{"starts_on": date(2026, 1, 1), "percent": Decimal(2), **facts})
    return save_late_fee_rule(company_id=world.company.id, rule=rule, by=SYSTEM, at=NOW)


def charge(customer_id: UUID, at: datetime = AFTER, month: date = DECEMBER) -> list[Invoice]:
    made = charge_late_fees(customer_id=customer_id, month=month, by=SYSTEM, at=at)
    return list(Invoice.objects.filter(pk__in=made))


def pay(world: World, invoice: Invoice, amount: Any, at: datetime) -> None:
    record_payment(
        customer_id=invoice.customer_id, branch_id=invoice.branch_id, by=world.owner, at=at,
        invoices=[(invoice.id, None)],
        details=PaymentDetails(method="transfer", currency=invoice.currency, amount=Decimal(amount)),
    )  # fmt: skip


def late(world: World, quantity: int = 27) -> Invoice:
    """Rp 2.997.000, due on 23 November 2026: Rp 1.998 a day at 2 % a month."""
    return make_claim(world, make_customer(world), quantity=quantity)


def books(world: World) -> dict[str, Decimal]:
    rows = JournalLine.objects.filter(entry__company_id=world.company.id, role__in=("late_fees", "receivable"))
    return {role: amount for role, amount in rows.values_list("role").annotate(Sum("amount")) if amount}


def test_a_month_that_is_over_makes_one_draft_with_its_reckoning() -> None:
    world = make_world()
    make_rule(world)
    first = late(world)
    second = make_claim(world, first.customer, quantity=10)
    pay(world, second, 500_000, days_later(10))

    [fee] = charge(first.customer_id)

    assert (fee.kind, fee.status, fee.net, fee.tax) == ("late_fee", "draft", fee.total, 0)
    lines = list(InvoiceLine.objects.filter(invoice=fee).order_by("position"))
    assert [line.net for line in lines] == [
        1_998 * LATE_DAYS, round((1_110_000 * 10 + 610_000 * 28) * 2 / 3000)
    ]  # fmt: skip
    assert {(line.tax_code, line.kind) for line in lines} == {("", "charge")}
    told = lines[1].description.replace("\xa0", " ").split("\n")
    assert told == [
        f"Denda keterlambatan {second.number}, jatuh tempo 23 Nov 2026",
        "24 Nov 2026 – 3 Des 2026: Rp 1.110.000 × 10 hari × 2 % per bulan",
        "4 Des 2026 – 31 Des 2026: Rp 610.000 × 28 hari × 2 % per bulan",
    ]
    assert LateFee.objects.get().month == DECEMBER


def test_nothing_is_charged_twice_and_a_fee_bears_no_fee() -> None:
    world = make_world()
    make_rule(world)
    invoice = late(world)
    [fee] = charge(invoice.customer_id)
    issue_invoice(invoice_id=fee.id, by=world.owner, at=AFTER)

    assert charge(invoice.customer_id) == []
    [next_fee] = charge(invoice.customer_id, AFTER + timedelta(days=31), date(2027, 1, 1))

    assert next_fee.net == 1_998 * 31  # January, of the goods alone
    assert LateFeeDays.objects.aggregate(sum=Sum("amount"))["sum"] == 1_998 * (LATE_DAYS + 31)


def test_the_database_refuses_days_that_were_charged() -> None:
    world = make_world()
    make_rule(world)
    charge(late(world).customer_id)
    days = LateFeeDays.objects.get()
    days.pk, days.first = UUID(int=1), days.first + timedelta(days=5)

    with pytest.raises(IntegrityError), transaction.atomic():
        days.save(force_insert=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        LateFeeDays.objects.update(amount=1)
    assert LateFeeDays.objects.count() == 1


def test_an_issued_fee_is_income_of_its_own_and_so_is_what_is_taken_back_of_it() -> None:
    world = make_world()
    make_rule(world, issues=True)
    invoice = late(world)
    [fee] = charge(invoice.customer_id)

    assert fee.status == "issued"
    assert books(world) == {"receivable": invoice.total + fee.total, "late_fees": -fee.total}

    waive_late_fee(days_id=LateFeeDays.objects.get().pk, reason="Pelanggan lama", by=world.owner, at=AFTER)

    assert books(world) == {"receivable": invoice.total}
    assert CreditAccount.objects.get(customer=invoice.customer).invoices == invoice.total
    assert InvoiceBalance.objects.get(invoice=fee).settled_at == AFTER


def test_a_part_of_an_issued_fee_is_waived_to_the_rupiah() -> None:
    world = make_world()
    make_rule(world, issues=True)
    invoice = late(world)
    [fee] = charge(invoice.customer_id)
    key = LateFeeDays.objects.get().pk

    waiver = waive_late_fee(days_id=key, amount=Decimal(12_345), reason="Janji sales", by=world.owner, at=AFTER)

    assert waiver.credit_note is not None
    assert (waiver.credit_note.total, waiver.credit_note.status) == (12_345, "issued")
    waive_late_fee(days_id=key, reason="Sisanya juga", by=world.owner, at=AFTER)
    assert books(world) == {"receivable": invoice.total}
    with pytest.raises(NothingToWaive):
        waive_late_fee(days_id=key, reason="Lagi", by=world.owner, at=AFTER)
    assert fee.total == LateFeeWaiver.objects.aggregate(sum=Sum("amount"))["sum"]


def test_a_draft_is_lessened_and_discarded_when_nothing_is_left_and_its_days_stay_charged() -> None:
    world = make_world()
    make_rule(world)
    invoice = late(world)
    [fee] = charge(invoice.customer_id)
    key = LateFeeDays.objects.get().pk

    waive_late_fee(days_id=key, amount=Decimal(5_924), reason="Janji sales", by=world.owner, at=AFTER)

    fee.refresh_from_db()
    assert (fee.total, fee.net, fee.status) == (70_000, 70_000, "draft")

    waive_late_fee(days_id=key, reason="Semua", by=world.owner, at=AFTER)

    fee.refresh_from_db()
    assert fee.status == "discarded"
    assert charge(invoice.customer_id) == []


def test_a_discarded_draft_frees_its_days() -> None:
    world = make_world()
    make_rule(world)
    invoice = late(world)
    [fee] = charge(invoice.customer_id)

    discard_invoice(invoice_id=fee.id, reason="Salah tarif", by=world.owner, at=AFTER)

    [again] = charge(invoice.customer_id)
    assert (again.id != fee.id, again.net) == (True, 1_998 * LATE_DAYS)


def test_days_are_waived_before_they_are_charged() -> None:
    world = make_world()
    make_rule(world)
    invoice = late(world)

    waive_late_days(invoice_id=invoice.id, until=date(2026, 11, 30), reason="Libur", by=world.owner, at=AFTER)

    [fee] = charge(invoice.customer_id)
    assert fee.net == 1_998 * 31


def test_who_may_not_waive_changes_nothing() -> None:
    world = make_world()
    make_rule(world)
    invoice = late(world)
    [fee] = charge(invoice.customer_id)
    key = LateFeeDays.objects.get().pk
    admin = make_user(world.company, "sales_admin")

    with pytest.raises(Forbidden):
        waive_late_fee(days_id=key, reason="Teman", by=admin, at=AFTER)
    with pytest.raises(Forbidden):
        waive_late_days(invoice_id=invoice.id, reason="Teman", by=admin, at=AFTER)
    with pytest.raises(ReasonMissing):
        waive_late_fee(days_id=key, reason=" ", by=world.owner, at=AFTER)
    with pytest.raises(Invalid):
        waive_late_fee(days_id=key, amount=fee.net + 1, reason="Semua", by=world.owner, at=AFTER)

    assert not LateFeeWaiver.objects.exists()
    assert Invoice.objects.get(pk=fee.pk).total == fee.total


def test_disputed_days_written_off_sums_and_credited_goods_bear_no_fee() -> None:
    world = make_world()
    make_rule(world)
    disputed, given_up, credited = late(world), late(world), late(world)
    raise_dispute(invoice_id=disputed.id, reason="Rusak", by=world.owner, at=days_later(10))
    write_off_invoice(invoice_id=given_up.id, reason="Tutup", by=world.owner, at=days_later(10))
    note = credit_invoice(invoice_id=credited.id, reason="Retur", by=world.owner, at=days_later(10))
    issue_invoice(invoice_id=note, by=world.owner, at=days_later(10))

    assert [one.net for one in charge(disputed.customer_id)] == [1_998 * 9]
    assert [one.net for one in charge(given_up.customer_id)] == [1_998 * 10]
    assert charge(credited.customer_id) == []


def test_the_narrowest_rule_holds_even_when_it_is_off() -> None:
    world = make_world()
    make_rule(world)
    free, dear = late(world), late(world)
    make_rule(world, customer_id=free.customer_id, is_active=False, percent=Decimal(0))
    make_rule(world, customer_id=dear.customer_id, percent=Decimal(3), grace_days=8)

    assert charge(free.customer_id) == []
    assert [one.net for one in charge(dear.customer_id)] == [2_997 * 30]
    with pytest.raises(LateFeeRuleTaken):
        make_rule(world, customer_id=dear.customer_id)


def test_a_fee_below_the_smallest_waits_for_more() -> None:
    world = make_world()
    make_rule(world, minimum=Decimal(100_000))
    invoice = late(world)

    assert charge(invoice.customer_id) == []
    [fee] = charge(invoice.customer_id, AFTER + timedelta(days=31), date(2027, 1, 1))

    assert fee.net == 1_998 * (LATE_DAYS + 31)


def test_a_taxed_fee_has_its_tax_as_any_line() -> None:
    world = make_world()
    line = InvoiceLine.objects.filter(invoice=late(world)).get()
    make_rule(world, tax_category_id=line.tax_category_id)
    [fee] = charge(line.invoice.customer_id)

    taxed = InvoiceLine.objects.get(invoice=fee)
    assert (taxed.tax_code, taxed.net, taxed.other_tax_base, taxed.tax) == ("04", 75_924, 69_597, 8_352)
    assert fee.total == 75_924 + 8_352


def test_an_invoice_in_dollars_is_charged_in_dollars_at_the_rate_of_the_fees_own_day() -> None:
    world = exporter()
    rated(world, ("USD", "16000"))
    rated(world, ("USD", "16500"), day=AFTER.date())
    buyer = make_customer(world, currency="USD")
    coffee = make_product(world, stock=100, price=Decimal(400_000))
    invoice = make_issued_invoice(world, [line(coffee, "40")], customer=buyer)
    make_claim(world, make_customer(world), quantity=1)
    make_rule(world, minimum=Decimal(400_000), issues=True)

    [fee] = charge(buyer.id)

    assert (invoice.currency, invoice.total) == ("USD", 1_000)
    assert (fee.currency, fee.total, fee.status) == ("USD", Decimal("25.33"), "issued")
    assert fee.base_total == round(Decimal("25.33") * 16_500)
    assert books(world)["late_fees"] == -fee.base_total


def test_what_was_credited_by_hand_is_not_there_to_be_waived() -> None:
    world = make_world()
    make_rule(world, issues=True)
    invoice = late(world)
    [fee] = charge(invoice.customer_id)
    note = credit_invoice(
        invoice_id=fee.id, quantities={fee.lines.get().id: Decimal("0.5")}, reason="Separuh", by=world.owner, at=AFTER
    )
    issue_invoice(invoice_id=note, by=world.owner, at=AFTER)

    waiver = waive_late_fee(days_id=LateFeeDays.objects.get().pk, reason="Sisanya", by=world.owner, at=AFTER)

    assert waiver.amount == fee.total / 2
    assert books(world) == {"receivable": invoice.total}


def test_whom_no_fee_can_be_charged_is_told_once_a_day_to_who_makes_the_rules() -> None:
    world = make_world()
    category = save_tax_category(
        company_id=world.company.id, code="later", name="Kelak", by=world.owner, at=NOW,
        rates=[NewTaxRate(date(2030, 1, 1), "04", Decimal(12))],
    )  # fmt: skip
    make_rule(world, tax_category_id=category.pk)
    invoice = late(world)
    told = {"company_id": world.company.id, "at": AFTER}

    done = propose_late_fees(company_id=world.company.id, by=SYSTEM, at=AFTER)
    people = [tell_uncharged(refused=done.refused, **told), tell_uncharged(refused=done.refused, **told)]

    assert list(done.refused) == [invoice.customer_id]
    assert people == [1, 0]
    [notice] = notices(by=world.owner).filter(subject_kind="uncharged_late_fees")
    assert (notice.url, notice.facts["names"]) == ("/settings/late-fees", invoice.party["name"])
    assert notice.facts["why"] in words(notice)
    assert tell_uncharged(refused=done.refused, company_id=world.company.id, at=AFTER + timedelta(days=1)) == 1
    assert tell_uncharged(refused={}, **told) == 0
