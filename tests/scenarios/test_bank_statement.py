"""Money on the bank account, from the file to the books: a customer who pays three invoices with one wrong amount, and
a giro that the bank takes back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from niaga.core.queries.together import ask
from niaga.invoicing.models import Invoice, InvoiceBalance
from niaga.parties.models import CreditAccount
from niaga.payments.models import BankLine, GiroClearing, LineSettlement, Payment, PaymentReversal
from niaga.payments.queries.bounced import bounced_giros
from niaga.payments.services.allocate_advance import allocate_advance
from niaga.payments.services.record_payment import PaymentDetails, record_payment
from niaga.sales.rules.lines import LineInput
from tests.bank import make_bank_account, make_line, make_statement
from tests.makers import NOW, World, make_confirmed_order, make_customer, make_issued_invoice, make_product, make_world
from tests.makers import signed_in as browser_of
from tests.promises import broken_promises

pytestmark = pytest.mark.django_db


def make_invoices(world: World, *quantities: int) -> list[Invoice]:
    """Of one customer, of so many times 111,000 each."""
    coffee, shop = make_product(world, stock=sum(quantities)), make_customer(world, name="PT Sumber Rejeki Pangan")
    return [
        make_issued_invoice(world, [LineInput(sku=coffee.sku, quantity=Decimal(one))], customer=shop)
        for one in quantities
    ]


def open_of(*invoices: Invoice) -> list[Decimal]:
    found = {row.invoice_id: row.total - row.allocated for row in InvoiceBalance.objects.all()}
    return [found[one.id] for one in invoices]


def test_a_customer_who_pays_three_invoices_with_one_wrong_amount() -> None:
    """They owe 111,000, 222,000 and 333,000, name all three, and send 600,000: 66,000 too little. The clerk takes the
    proposal, the rest stays open; the next transfer is 100,000 and settles it, 34,000 are an advance for the next."""
    world = make_world()
    first, second, third = make_invoices(world, 1, 2, 3)
    account_id = make_bank_account(world)
    text = f"TRSF E-BANKING CR {first.number}, {int(second.number[-5:])} DAN {int(third.number[-5:])} SUMBER REJEKI"
    statement = make_statement(world, account_id, [
        ("20/11/2026", text, 600_000), ("21/11/2026", "KR LLG PT SUMBER REJEKI PANGAN", 100_000),
    ])  # fmt: skip
    browser = browser_of(world)
    browser.cookies["niaga_language"] = "en"
    wrong, rest = BankLine.objects.filter(statement=statement).order_by("position")

    page = browser.get(f"/bank/lines/{wrong.pk}").content.decode()
    shown = page.split('name="line" value="')[1].split('"')[0]
    browser.post(f"/bank/lines/{wrong.pk}/accepting", {"line": shown})
    after_first = open_of(first, second, third)
    browser.post(f"/bank/lines/{rest.pk}/booking", {
        "version": "1", "customer": str(third.customer_id), f"invoice-{third.id}": "66000", "rest": "advance",
    })  # fmt: skip

    assert "66,000 less than is open" in page
    assert after_first == [0, 0, 66_000]
    assert open_of(first, second, third) == [0, 0, 0]
    account = CreditAccount.objects.get(customer_id=third.customer_id)
    assert (account.invoices, account.advances) == (0, 34_000)
    assert list(BankLine.objects.values_list("status", flat=True)) == ["settled", "settled"]
    later = Payment.objects.get(amount=100_000)
    next_one = make_issued_invoice(
        world, [LineInput(sku=make_product(world, stock=1).sku, quantity=Decimal(1))], customer=later.customer
    )
    allocate_advance(payment_id=later.id, invoice_id=next_one.id, by=world.owner, at=NOW)
    assert open_of(next_one) == [77_000]
    assert broken_promises() == []


def test_a_giro_that_bounced_is_told_by_the_bank_s_own_lines() -> None:
    """The giro comes, the bank pays it, a week later takes it back with a fee: each is one line of a statement."""
    world = make_world()
    [invoice] = make_invoices(world, 4)
    giro = record_payment(
        customer_id=invoice.customer_id, branch_id=world.branch.id, invoices=None, by=world.owner,
        at=NOW - timedelta(days=12),
        details=PaymentDetails("giro", "IDR", invoice.total, reference="GB 778812"),
    )  # fmt: skip
    account_id = make_bank_account(world)
    statement = make_statement(world, account_id, [
        ("14/11/2026", "KLIRING GIRO GB778812", 444_000),
        ("20/11/2026", "TOLAKAN KLIRING GB778812 DANA KURANG", -444_000),
        ("20/11/2026", "BIAYA TOLAKAN KLIRING", -125_000),
    ])  # fmt: skip
    browser = browser_of(world)
    for line in BankLine.objects.filter(statement=statement).order_by("position"):
        page = browser.get(f"/bank/lines/{line.pk}").content.decode()
        shown = page.split('name="line" value="')[1].split('"')[0]
        assert browser.post(f"/bank/lines/{line.pk}/accepting", {"line": shown}).status_code == 303

    assert GiroClearing.objects.get().payment_id == giro.id
    assert PaymentReversal.objects.get().bounced
    assert open_of(invoice) == [444_000]
    kinds = list(LineSettlement.objects.order_by("line__position").values_list("kind", "amount"))
    assert kinds == [("tie", 444_000), ("giro_return", -444_000), ("account", -125_000)]
    [counted] = ask(bounced_giros(customer_ids=[invoice.customer_id], by=world.owner))
    assert counted == {invoice.customer_id: 1}
    assert broken_promises() == []


def test_who_pays_ahead_by_the_number_of_an_order_is_known_by_it() -> None:
    world = make_world()
    coffee = make_product(world, stock=5)
    order = make_confirmed_order(world, [LineInput(sku=coffee.sku, quantity=Decimal(3))])
    line = make_line(world, make_bank_account(world), f"DP {order.number}-P1", 100_000)
    browser = browser_of(world)
    browser.cookies["niaga_language"] = "en"

    page = browser.get(f"/bank/lines/{line.pk}").content.decode()
    shown = page.split('name="line" value="')[1].split('"')[0]
    browser.post(f"/bank/lines/{line.pk}/accepting", {"line": shown})

    assert f"names {order.number}" in page
    payment = Payment.objects.get()
    assert (payment.customer_id, payment.allocated) == (order.customer_id, 0)
