"""What stops reminders: a promise until its day, a dispute until it is settled, a pause; and what calls lead to."""

from datetime import date
from decimal import Decimal

import pytest

from niaga.core.errors import Forbidden, Invalid, NotFound, WrongState
from niaga.core.models import AuditEntry, OutboxEvent
from niaga.invoicing.errors import DayIsPast, InDispute, MoreThanOpen, NothingOpen, OtherCustomers, ReasonMissing
from niaga.invoicing.models import CollectionCall, Dispute, PaymentPromise, ReminderMark
from niaga.invoicing.queries.call_list import call_list
from niaga.invoicing.queries.level_yield import level_yield
from niaga.invoicing.services.log_call import log_call
from niaga.invoicing.services.pause_reminders import pause_reminders, resume_reminders
from niaga.invoicing.services.promise_payment import promise_payment
from niaga.invoicing.services.raise_dispute import raise_dispute
from niaga.invoicing.services.settle_dispute import settle_dispute
from niaga.invoicing.tests.makers import days_later, level, make_claim, make_debtor, make_plan, remind
from niaga.messaging.models import WhatsappMessage
from niaga.messaging.services.save_whatsapp_template import save_whatsapp_template
from niaga.organization.access import SYSTEM
from niaga.parties.models import Customer, TimelineEntry
from niaga.parties.services.record_consent import record_consent
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from tests.makers import NOW, World, make_user, make_world

pytestmark = pytest.mark.django_db


def day(days: int) -> date:
    return days_later(days).date()


def passed(world: World) -> list[int]:
    rows = ReminderMark.objects.filter(company_id=world.company.id).exclude(outcome="skipped")
    return sorted(rows.values_list("days", flat=True))


def to_call(world: World, days: int) -> list[tuple[str, Decimal, bool]]:
    rows = call_list(by=world.owner, day=day(days)).select_related("customer").order_by("-overdue")
    return [(row.customer.name, row.overdue, row.broken) for row in rows]


def indebted(*days: int, **facts: object) -> tuple[World, Customer]:
    world = make_world()
    make_plan(world, *(level(one, **facts) for one in days))
    return world, make_debtor(world, name="Toko Makmur")


def test_a_promise_holds_reminders_through_its_day_and_broken_makes_the_next_level_due() -> None:
    world, customer = indebted(1, 7, 30)
    invoice = make_claim(world, customer)
    remind(world, 1)

    promise_payment(invoice_ids=[invoice.pk], until=day(9), by=world.owner, at=days_later(2))

    assert [remind(world, one) for one in (7, 9, 10, 11)] == [0, 0, 1, 0]
    assert passed(world) == [1, 7]


def test_a_promise_that_is_broken_before_the_next_level_brings_that_level_forward_once() -> None:
    world, customer = indebted(1, 30, 60)
    invoice = make_claim(world, customer)
    remind(world, 1)
    promise_payment(invoice_ids=[invoice.pk], until=day(3), by=world.owner, at=days_later(2))

    assert [remind(world, one) for one in (3, 4, 7, 8)] == [0, 1, 0, 0]
    assert passed(world) == [1, 30]
    assert to_call(world, 4) == [("Toko Makmur", Decimal(111_000), True)]


def test_a_promise_is_refused_when_it_cannot_be_and_leaves_nothing() -> None:
    world, customer = indebted(1)
    invoice, other = make_claim(world, customer), make_claim(world, make_debtor(world))

    for refusal, facts in (
        (DayIsPast, {"until": day(-1)}),
        (Invalid, {"until": day(400)}),
        (MoreThanOpen, {"until": day(3), "amount": Decimal(111_001)}),
        (OtherCustomers, {"until": day(3), "invoice_ids": [invoice.pk, other.pk]}),
        (NotFound, {"until": day(3), "invoice_ids": []}),
    ):
        with pytest.raises(refusal):
            promise_payment(**{"invoice_ids": [invoice.pk], "by": world.owner, "at": NOW, **facts})  # type: ignore[arg-type]

    assert not PaymentPromise.objects.exists()


def test_a_disputed_invoice_is_not_reminded_of_until_it_is_settled() -> None:
    world, customer = indebted(1, 7, 30)
    invoice = make_claim(world, customer)

    key = raise_dispute(invoice_id=invoice.pk, reason="Barang rusak", amount=Decimal(11_000), raised_by_name="Ibu Sari",
                        by=SYSTEM, at=NOW)  # fmt: skip

    assert remind(world, 1) == 0
    settle_dispute(dispute_id=key, settlement="Diganti", by=world.owner, at=days_later(8))
    assert remind(world, 8) == 1
    assert passed(world) == [7]
    held = Dispute.objects.get()
    assert (held.reason, held.amount, held.settlement, held.settled_by) == (
        "Barang rusak", Decimal(11_000), "Diganti", world.owner.pk
    )  # fmt: skip
    verbs = AuditEntry.objects.filter(subject_id=invoice.pk).order_by("at", "id").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["dispute", "settle_dispute"]
    assert OutboxEvent.objects.filter(kind__in=["DisputeRaised", "DisputeSettled"]).count() == 2


def test_a_dispute_is_refused_when_it_cannot_be() -> None:
    world, customer = indebted(1)
    invoice = make_claim(world, customer)
    stranger = make_world().owner
    cashier = make_user(world.company, "warehouse")

    for refusal, facts in (
        (ReasonMissing, {"reason": " "}),
        (MoreThanOpen, {"amount": Decimal(111_001)}),
        (NotFound, {"by": stranger}),
        (NotFound, {"by": cashier}),
    ):
        with pytest.raises(refusal):
            raise_dispute(**{"invoice_id": invoice.pk, "reason": "Salah", "by": world.owner, "at": NOW, **facts})  # type: ignore[arg-type]
    assert not Dispute.objects.exists()
    key = raise_dispute(invoice_id=invoice.pk, reason="Salah", by=world.owner, at=NOW)
    with pytest.raises(InDispute):
        raise_dispute(invoice_id=invoice.pk, reason="Salah", by=world.owner, at=NOW)
    settle_dispute(dispute_id=key, settlement="Beres", by=world.owner, at=NOW)
    with pytest.raises(WrongState):
        settle_dispute(dispute_id=key, settlement="Beres", by=world.owner, at=NOW)


def test_nothing_is_promised_or_disputed_of_what_is_paid() -> None:
    world, customer = indebted(1)
    invoice = make_claim(world, customer)
    pay(world, customer, invoice.pk, 1)

    with pytest.raises(NothingOpen):
        raise_dispute(invoice_id=invoice.pk, reason="Salah", by=world.owner, at=NOW)
    with pytest.raises(NothingOpen):
        promise_payment(invoice_ids=[invoice.pk], until=day(3), by=world.owner, at=NOW)


def test_a_paused_customer_hears_nothing_until_the_pause_is_over() -> None:
    world, customer = indebted(1, 7)
    make_claim(world, customer)
    pause_reminders(customer_id=customer.pk, reason="Banjir", until=day(3), by=world.owner, at=NOW)

    assert [remind(world, one) for one in (1, 3, 4)] == [0, 0, 1]
    pause_reminders(customer_id=customer.pk, reason="Banjir lagi", by=world.owner, at=days_later(5))
    assert remind(world, 8) == 0
    resume_reminders(customer_id=customer.pk, by=world.owner, at=days_later(8))
    assert remind(world, 8) == 1
    with pytest.raises(WrongState):
        resume_reminders(customer_id=customer.pk, by=world.owner, at=NOW)
    story = TimelineEntry.objects.filter(customer_id=customer.pk, kind__startswith="reminder.").order_by("at", "id")
    assert list(story.values_list("kind", flat=True)) == [
        "reminder.paused", "reminder.sent", "reminder.paused", "reminder.resumed", "reminder.sent"
    ]  # fmt: skip


def test_whatsapp_goes_out_by_an_approved_template_unless_the_customer_refused_it() -> None:
    world, customer = indebted(1, 7, by_email=False, by_whatsapp=True, whatsapp_template="tagihan")
    make_claim(world, customer)
    template = {"name": "tagihan", "language": "id", "text": "Yth. {{customer.name}}, sisa {{total}}. Terima kasih."}
    save_whatsapp_template(state="approved", by=world.owner, at=NOW, **template)

    remind(world, 1)
    record_consent(customer_id=customer.pk, purpose="billing_whatsapp", given=False, by=world.owner, at=days_later(2))
    remind(world, 7)

    (message,) = WhatsappMessage.objects.all()
    assert (message.to, message.template, message.values) == (
        "+628123456789", "tagihan", ["Toko Makmur", "Rp 111.000"]
    )  # fmt: skip
    assert message.text == "Yth. Toko Makmur, sisa Rp 111.000. Terima kasih."
    assert list(ReminderMark.objects.order_by("days").values_list("outcome", flat=True)) == ["told", "call"]


def test_a_template_that_is_not_approved_is_not_sent() -> None:
    world, customer = indebted(1, by_email=False, by_whatsapp=True, whatsapp_template="tagihan")
    make_claim(world, customer)
    save_whatsapp_template(name="tagihan", language="id", text="Yth. {{customer.name}}.", state="submitted",
                           by=world.owner, at=NOW)  # fmt: skip

    remind(world, 1)

    assert not WhatsappMessage.objects.exists()
    assert ReminderMark.objects.get().outcome == "call"


def test_the_call_list_has_the_largest_sum_first_and_who_was_called_leaves_it_until_the_next_day_named() -> None:
    world, small = indebted(1, by_call=True)
    make_claim(world, small)
    large = make_debtor(world, name="Hotel Besar")
    make_claim(world, large, quantity=3)
    remind(world, 1)

    assert to_call(world, 1) == [("Hotel Besar", Decimal(333_000), False), ("Toko Makmur", Decimal(111_000), False)]
    call = {"company_id": world.company.id, "by": world.owner}
    log_call(customer_id=large.pk, outcome="spoken", next_call=day(5), at=days_later(2), **call)
    log_call(customer_id=small.pk, outcome="no_answer", at=days_later(2), **call)

    assert [to_call(world, one) for one in (2, 3, 5)] == [
        [],
        [("Toko Makmur", Decimal(111_000), False)],
        [("Hotel Besar", Decimal(333_000), False), ("Toko Makmur", Decimal(111_000), False)],
    ]


def test_a_call_writes_the_promise_or_the_dispute_that_came_of_it() -> None:
    world, customer = indebted(1, by_call=True)
    first, second = make_claim(world, customer), make_claim(world, customer)
    remind(world, 1)
    call = {"customer_id": customer.pk, "company_id": world.company.id, "by": world.owner}

    log_call(outcome="disputed", note="Salah harga", invoice_ids=[first.pk], at=days_later(2), **call)
    log_call(outcome="promised", until=day(6), at=days_later(3), **call)

    assert Dispute.objects.get().invoice_id == first.pk
    assert list(PaymentPromise.objects.get().invoices.values_list("invoice_id", flat=True)) == [second.pk]
    assert to_call(world, 6) == []
    assert to_call(world, 7) == [("Toko Makmur", Decimal(111_000), True)]
    kinds = TimelineEntry.objects.filter(customer_id=customer.pk, kind__startswith="call.").order_by("at")
    assert list(kinds.values_list("kind", flat=True)) == ["call.disputed", "call.promised"]


def test_a_call_that_is_refused_leaves_nothing() -> None:
    world, customer = indebted(1)
    make_claim(world, customer)
    call = {"customer_id": customer.pk, "company_id": world.company.id, "at": days_later(2)}

    for refusal, facts in (
        (Invalid, {"outcome": "promised"}),
        (Invalid, {"outcome": "disputed"}),
        (Invalid, {"outcome": "shouted"}),
        (DayIsPast, {"outcome": "spoken", "next_call": day(1)}),
        (Forbidden, {"outcome": "spoken", "by": make_user(world.company, "auditor")}),
        (Forbidden, {"outcome": "spoken", "by": make_world().owner}),
    ):
        with pytest.raises(refusal):
            log_call(**{"by": world.owner, **call, **facts})
    assert not CollectionCall.objects.exists()


def pay(world: World, customer: Customer, invoice_id: object, days: int, amount: int = 111_000) -> None:
    record_payment(
        customer_id=customer.pk, branch_id=world.branch.id, invoices=[(invoice_id, Decimal(amount))], by=world.owner,
        at=days_later(days, 3),
        details=PaymentDetails(method="transfer", currency="IDR", amount=Decimal(amount)),
    )  # fmt: skip


def test_money_counts_for_the_last_reminder_before_it_when_it_came_in_time() -> None:
    world, customer = indebted(1, 7)
    quick, slow, late = (make_claim(world, customer) for _n in range(3))
    remind(world, 1)
    pay(world, customer, quick.pk, 2)
    remind(world, 7)
    pay(world, customer, slow.pk, 9, 11_000)
    pay(world, customer, late.pk, 20)

    rows = level_yield(by=world.owner, within=7).order_by("days", "month")

    assert [(row.days, f"{row.month:%Y-%m}", row.sent, row.answered, row.money) for row in rows] == [
        (1, "2026-11", 3, 1, Decimal(111_000)),
        (7, "2026-11", 2, 1, Decimal(11_000)),
    ]
