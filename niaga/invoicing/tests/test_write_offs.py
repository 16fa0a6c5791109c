"""What is given up of invoices: limits, the yes it needs, what it does to the books, and claiming it again."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import transaction
from django.db.models import Sum
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from niaga.approvals.errors import ApprovalNeeded
from niaga.approvals.models import ApprovalRequest
from niaga.approvals.services.decide_approval import decide_approval
from niaga.approvals.services.save_rule import RuleDetails, save_rule
from niaga.core.errors import Forbidden, WrongState
from niaga.invoicing.errors import NoSmallRest, ReasonMissing, SettledOtherwise, WritesOffTooMuch
from niaga.invoicing.models import Invoice, InvoiceBalance, InvoiceLine, WriteOff, WriteOffDeed
from niaga.invoicing.queries.open_items import ageing
from niaga.invoicing.queries.statement import statement_of
from niaga.invoicing.services.ask_write_off import ask_write_off
from niaga.invoicing.services.reverse_write_off import reverse_write_off
from niaga.invoicing.services.set_write_off_rule import set_write_off_rule
from niaga.invoicing.services.write_off_invoice import write_off_invoice
from niaga.invoicing.services.write_off_rests import write_off_rests
from niaga.ledger.models import JournalLine
from niaga.organization.models import User
from niaga.organization.services.create_token import create_token
from niaga.organization.services.keep_team import keep_team
from niaga.parties.models import CreditAccount
from niaga.sales.rules.lines import LineInput
from niaga.sales.rules.put_right import RightLine
from niaga.sales.services.put_invoice_right import RightDetails, put_invoice_right
from tests.makers import (
    NOW,
    World,
    make_customer,
    make_issued_invoice,
    make_payment,
    make_product,
    make_user,
    make_world,
    signed_in,
)

pytestmark = pytest.mark.django_db


def billed(world: World, **details: Any) -> Invoice:
    product = make_product(world, stock=10)
    return make_issued_invoice(world, [LineInput(product_id=product.id, quantity=Decimal(10))], **details)


def give_up(world: World, invoice: Invoice, **told: Any) -> WriteOffDeed:
    told = {"reason": "Tutup usaha", "by": world.owner, "at": NOW, **told}
    return write_off_invoice(invoice_id=invoice.id, **told)


def books(world: World) -> dict[str, Decimal]:
    rows = JournalLine.objects.filter(entry__company_id=world.company.id).values_list("role").annotate(Sum("amount"))
    return {role: amount for role, amount in rows if amount}


def open_of(invoice: Invoice) -> Decimal:
    found = InvoiceBalance.objects.get(invoice=invoice)
    return found.total - found.allocated


def test_a_rest_is_given_up_and_claimed_again_when_the_customer_pays_after_all() -> None:
    world = make_world()
    invoice = billed(world)
    make_payment(world, invoice.customer_id, 610_000)

    deed = give_up(world, invoice)

    assert (deed.number, deed.kind) == ("WO-2026-00001", "bad_debt")
    assert open_of(invoice) == 0
    kept = books(world)
    assert (kept["bad_debt"], kept["tax_payable"], kept.get("receivable")) == (500_000, -110_000, None)
    assert CreditAccount.objects.get(customer_id=invoice.customer_id).invoices == 0
    [account] = statement_of(
        customer_id=invoice.customer_id, since=NOW.date(), until=NOW.date(), by=world.owner
    ).accounts
    assert ([line.amount for line in account.lines if line.kind == "write_off"], account.closing) == ([-500_000], 0)
    assert list(ageing(by=world.owner, day=NOW.date())) == []

    part = WriteOff.objects.get()
    reverse_write_off(write_off_id=part.pk, reason="Membayar juga", by=world.owner, at=NOW)
    make_payment(world, invoice.customer_id, 500_000)

    assert open_of(invoice) == 0
    assert books(world) == {"revenue": -1_000_000, "tax_payable": -110_000, "bank": 1_110_000}
    with pytest.raises(WrongState):
        reverse_write_off(write_off_id=part.pk, reason="Lagi", by=world.owner, at=NOW)


def test_what_cannot_be_given_up_is_refused_and_nothing_changes() -> None:
    world = make_world()
    invoice = billed(world)
    clerk = make_user(world.company, "sales_admin")
    before = (JournalLine.objects.count(), open_of(invoice))

    for refusal, told in [
        (WritesOffTooMuch, {"amount": Decimal(1_110_001)}),
        (WritesOffTooMuch, {"amount": Decimal(0)}),
        (WritesOffTooMuch, {"amount": Decimal("0.5")}),
        (ReasonMissing, {"reason": " "}),
        (Forbidden, {"by": clerk}),
    ]:
        with pytest.raises(refusal), transaction.atomic():
            give_up(world, invoice, **told)

    assert (JournalLine.objects.count(), open_of(invoice)) == before
    assert not WriteOffDeed.objects.exists()


def test_small_rests_of_many_go_in_one_deed_and_the_others_stay(django_assert_num_queries: Any) -> None:
    world = make_world()
    set_write_off_rule(company_id=world.company.id, most=Decimal(500), by=world.owner, at=NOW)
    shop = make_customer(world)
    first, second, third = billed(world, customer=shop), billed(world), billed(world)
    make_payment(world, shop.id, 1_109_700, invoices=[(first.id, None)])
    make_payment(world, second.customer_id, 1_109_500)
    make_payment(world, third.customer_id, 1_109_000)
    named = [first.id, second.id, third.id]

    with django_assert_num_queries(7):
        deed = write_off_rests(invoice_ids=named, reason="Selisih", by=world.owner, at=NOW)

    assert (deed.kind, sorted(deed.parts.values_list("amount", flat=True))) == ("difference", [300, 500])
    assert [open_of(one) for one in (first, second, third)] == [0, 0, 1_000]
    assert (books(world)["payment_differences"], books(world)["receivable"]) == (800, 1_000)
    with pytest.raises(NoSmallRest):
        write_off_rests(invoice_ids=named, reason="Selisih", by=world.owner, at=NOW)


def with_rule(world: World, most: int, team_id: UUID | None = None) -> User:
    """Who must say yes to more than `most`."""
    boss = make_user(world.company, "administrator")
    test = {"field": "write_off", "op": "above", "value": str(most), "unknown": False}
    details = RuleDetails(
        "Hapus buku besar", {"match": "all", "parts": [test]},
[{"mode": "any", "approvers": [{"seat": "user", "key": str(boss.id)}], "hours": None, "then": ""}],
        team_id=team_id,
    )  # fmt: skip
    save_rule(company_id=world.company.id, details=details, by=world.owner, at=NOW)
    return boss


def test_a_rule_of_a_team_asks_for_the_teams_invoices_alone() -> None:
    world = make_world()
    here, there = (
        keep_team(company_id=world.company.id, name=name, by=world.owner, at=NOW) for name in ("Surabaya", "Jakarta")
    )
    with_rule(world, 200_000, team_id=here)
    invoice = billed(world, salesperson_id=make_user(world.company, "salesperson", team_id=here).id)
    other = billed(world, salesperson_id=make_user(world.company, "salesperson", team_id=there).id)
    nobodys = billed(world)
    assert nobodys.salesperson_id == world.owner.id  # who is in no team

    for asking in (invoice, nobodys):
        with pytest.raises(ApprovalNeeded), transaction.atomic():
            give_up(world, asking, amount=Decimal(300_000))
    give_up(world, other, amount=Decimal(300_000))

    assert [open_of(one) for one in (invoice, other, nobodys)] == [
        invoice.total, other.total - 300_000, nobodys.total
    ]  # fmt: skip


def program(world: World) -> Client:
    token = create_token(user_id=world.owner.id, name="uji", by=world.owner, at=NOW)
    return Client(headers={"Authorization": f"Bearer {token.text}"})


def test_a_large_write_off_waits_for_a_yes_that_lets_one_by() -> None:
    world = make_world()
    set_write_off_rule(company_id=world.company.id, most=Decimal(500), by=world.owner, at=NOW)
    boss = with_rule(world, 200_000)
    invoice = billed(world)

    with pytest.raises(ApprovalNeeded), transaction.atomic():
        give_up(world, invoice, amount=Decimal(300_000))
    give_up(world, invoice, amount=Decimal(200_000))
    asked = ask_write_off(
        invoice_id=invoice.id, amount=Decimal(300_000), reason="Pailit", by=world.owner, at=NOW + timedelta(hours=1)
    )
    request = ApprovalRequest.objects.get(pk=asked)
    decide_approval(
        request_id=asked, approved=True, facts_hash=request.facts_hash, by=boss, at=NOW + timedelta(hours=2)
    )
    later = NOW + timedelta(hours=3)
    with pytest.raises(ApprovalNeeded), transaction.atomic():
        give_up(world, invoice, amount=Decimal(300_001), at=later)
    give_up(world, invoice, amount=Decimal(300_000), at=later)

    assert open_of(invoice) == 610_000
    with pytest.raises(ApprovalNeeded), transaction.atomic():
        give_up(world, invoice, amount=Decimal(300_000), at=later)
    line = InvoiceLine.objects.get(invoice=invoice)
    with pytest.raises(SettledOtherwise), transaction.atomic():
        put_invoice_right(
            invoice_id=invoice.id, by=world.owner, at=later,
            details=RightDetails("Salah", {line.id: RightLine(quantity=Decimal(9))}),
        )  # fmt: skip


class TestToTheLastRupiah(TestCase):
    """However an invoice is paid, given up and claimed again, the receivable of the books is what is open."""

    @settings(max_examples=6, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(["pay", "give", "again"]), st.integers(1, 400_000)), max_size=6))
    def test_the_receivable_is_what_is_open(self, deeds: list[tuple[str, int]]) -> None:
        world = make_world()
        invoice = billed(world)
        for deed, figure in deeds:
            amount = min(Decimal(figure), open_of(invoice))
            if deed == "again":
                for part in WriteOff.objects.filter(reversal=None, invoice=invoice)[:1]:
                    reverse_write_off(write_off_id=part.pk, reason="Bayar", by=world.owner, at=NOW)
            elif amount and deed == "pay":
                make_payment(world, invoice.customer_id, amount)
            elif amount:
                give_up(world, invoice, amount=amount)
            kept = books(world)
            assert kept.get("receivable", 0) == open_of(invoice)
            assert sum(kept.values()) == 0


def test_the_pages_write_off_and_claim_again() -> None:
    world = make_world()
    client, invoice = signed_in(world), billed(world)
    path = f"/invoices/{invoice.id}"

    assert "write-off-title" in client.get(path).content.decode()
    client.post(f"{path}/write-offs", {"amount": "110.000", "reason": "Barang rusak di jalan"})
    part = WriteOff.objects.get()
    page = client.get(path).content.decode()
    assert "Barang rusak di jalan" in page
    assert "WO-2026-00001" in client.get("/write-offs").content.decode()
    client.post(f"/write-offs/{part.pk}/reversal", {"reason": "Salah"})
    assert open_of(invoice) == invoice.total
    client.post("/write-offs/rule", {"most": "1.000"})
    assert program(world).get("/api/v1/write-off-rule").json() == {"most": "1000"}


def test_the_api_writes_off_and_tells() -> None:
    world = make_world()
    client, invoice = program(world), billed(world)

    made = client.post(
        f"/api/v1/invoices/{invoice.id}/write-offs", orjson.dumps({"reason": "Pailit"}),
        content_type="application/json",
    )  # fmt: skip

    told = made.json()
    assert (made.status_code, told["kind"], Decimal(told["amount"])) == (201, "bad_debt", 1_110_000)
    listed = client.get(f"/api/v1/write-offs?invoice_id={invoice.id}").json()
    assert [one["id"] for one in listed["items"]] == [told["id"]]
