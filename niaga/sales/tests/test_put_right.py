"""What a line comes to when it is put right, and the page on which it is."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from niaga.core.money import round_amount
from niaga.invoicing.models import Correction, Invoice, InvoiceLine
from niaga.pricing.rules.request import TaxRate
from niaga.pricing.rules.tax import TaxFormula
from niaga.sales.rules.lines import LineInput
from niaga.sales.rules.put_right import BilledLine, RightLine, move_dues, put_line_right
from tests.makers import make_issued_invoice, make_product, make_world, signed_in

D = Decimal
PPN = TaxRate(D(12), base_numerator=11, base_denominator=12)


def sold(*, quantity: int, price: int, percent: int, off: int = 0, included: bool = False) -> BilledLine:
    gross = D(quantity * price)
    discount = round_amount(gross * percent / 100, "IDR")
    amount = gross - discount
    off = min(D(off), amount)
    formula = TaxFormula(PPN, "IDR")
    taxed = formula.included(amount - off) if included else formula.excluded(amount - off)
    return BilledLine(
        D(quantity), D(price), D(percent), discount, amount, off, D(0), taxed.net, taxed.other_tax_base, taxed.tax, D(0)
    )


@given(
    quantity=st.integers(1, 500), price=st.integers(1, 2_000_000), percent=st.integers(0, 60),
    off=st.integers(0, 50_000), to=st.integers(1, 800), cost=st.integers(0, 2_000_000), included=st.booleans(),
)  # fmt: skip
def test_a_line_put_right_is_taxed_as_it_is_sold_and_back_again_it_is_what_it_was(
    quantity: int, price: int, percent: int, off: int, to: int, cost: int, included: bool
) -> None:
    line = sold(quantity=quantity, price=price, percent=percent, off=off, included=included)
    told = {"rate": PPN, "same_tax": True, "currency": "IDR", "prices_include_tax": included}

    part = put_line_right(line, RightLine(D(to), D(cost)), **told)
    same = put_line_right(line, RightLine(D(quantity), D(price), D(percent)), **told)

    assert part.amount + part.discount_amount == D(to * cost)
    assert 0 <= part.document_discount <= part.amount
    shown = part.amount - part.document_discount
    assert part.owed == (shown if included else shown + part.tax)
    assert (same.amount, same.net, same.tax, same.document_discount) == (
        line.amount, line.net, line.tax, line.document_discount
    )  # fmt: skip


@given(st.lists(st.integers(1, 10_000_000), min_size=1, max_size=6), st.integers(0, 10_000_000))
def test_dues_that_move_to_another_total_make_it_and_keep_their_days(amounts: list[int], total: int) -> None:
    dues = [(date(2026, 1, place), D(amount)) for place, amount in enumerate(amounts, 1)]

    moved = move_dues(dues, total=D(total), currency="IDR")

    assert sum((amount for _day, amount in moved), D(0)) == total
    assert {day for day, _amount in moved} <= {day for day, _amount in dues}
    assert all(amount > 0 for _day, amount in moved)


@pytest.mark.django_db
def test_the_page_puts_right_what_was_changed_and_keeps_what_was_typed() -> None:
    world = make_world()
    product = make_product(world, stock=10)
    invoice = make_issued_invoice(world, [LineInput(product_id=product.id, quantity=D(10))])
    line, client = InvoiceLine.objects.get(invoice=invoice), signed_in(world)
    path = f"/invoices/{invoice.id}/correction"
    form = {
        f"quantity-{line.id}": "8", f"unit_price-{line.id}": "95.000", f"discount_percent-{line.id}": "0",
        f"description-{line.id}": line.description, "reason": "Jumlah salah", "buyer": "invoice", "tax": "invoice",
        "customer_reference": "", "note": "", "dues": "keep",
    }  # fmt: skip

    assert client.get(path).status_code == 200
    refused = client.post(path, {**form, f"quantity-{line.id}": "80"})
    assert (refused.status_code, Correction.objects.count()) == (422, 0)
    assert 'value="80"' in refused.content.decode()
    answer = client.post(path, form)

    made = Correction.objects.get()
    assert answer["Location"] == f"/invoices/{made.replacement_id}"
    assert Invoice.objects.get(pk=made.replacement_id).net == D(760_000)
    assert made.replacement.number in client.get(f"/invoices/{invoice.id}").content.decode()
    assert client.post(path, form).status_code == 422
