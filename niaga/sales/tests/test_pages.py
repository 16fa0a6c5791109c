"""The pages of sales, through the browser's door."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niaga.core.ids import new_id
from niaga.sales.models import Quotation, QuotationLine, QuotationTemplate, SalesOrder, SalesOrderLine
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.confirm_order import confirm_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.send_quotation import send_quotation
from niaga.ui.registry import DocumentRef, chains_of
from tests.makers import (
    NOW,
    log_in,
    make_confirmed_order,
    make_customer,
    make_issued_invoice,
    make_order,
    make_product,
    make_quotation,
    make_user,
    make_world,
)

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 15


@pytest.fixture
def world(time_machine):
    time_machine.move_to(NOW, tick=False)
    return make_world()


def grid(*lines: dict[str, Any]) -> str:
    return json.dumps([{"key": f"new-{place}", "kind": "item", **line} for place, line in enumerate(lines, 1)])


def test_no_page_needs_more_than_fifteen_statements_however_many_rows(world):
    customer = make_customer(world)
    product = make_product(world, stock=500)
    lines = [LineInput(product_id=product.id, quantity=Decimal(2)) for _ in range(12)]
    for _ in range(8):
        quotation = make_quotation(world, lines, customer=customer)
        order = make_confirmed_order(world, lines, customer=customer)
    draft = make_order(world, lines, customer=customer)
    client = log_in(world.owner)
    client.get("/quotations")

    for address in (
        "/quotations",
        "/quotations?q=makmur&status=draft&mine=1",
        "/orders",
        "/orders?payment=unpaid&to_ship=1&q=SO",
        f"/quotations/{quotation.id}",
        f"/quotations/{quotation.id}/edit",
        f"/quotations/new?customer={customer.id}",
        f"/orders/{order.id}",
        f"/orders/{order.id}/edit",
        f"/orders/{draft.id}/confirmation",
        "/orders/new",
        f"/sales/grid/products?q=kop&customer={customer.id}",
    ):
        with CaptureQueriesContext(connection) as statements:
            answer = client.get(address)
        assert answer.status_code == 200, address
        assert len(statements) <= MOST_STATEMENTS, (address, len(statements))


def test_a_line_is_discounted_in_money_and_comes_back_so(world):
    customer, product = make_customer(world), make_product(world, price=Decimal(98_000))
    client = log_in(world.owner)
    for kind, model in (("quotations", Quotation), ("orders", SalesOrder)):
        line = {"product": str(product.id), "quantity": "12", "discount": "5.000"}
        fields = {"customer": customer.id, "idempotency_key": new_id(), "lines": grid(line)}

        assert client.post(f"/{kind}/new", fields).status_code == 303

        written = model.objects.get()
        stored = written.lines.get()
        assert (stored.discount_percent, stored.discount_amount, stored.amount) == (0, 5_000, 1_171_000)
        form = client.get(f"/{kind}/{written.id}/edit")
        assert json.loads(form.context["grid"].value)[0]["discount"] == "5.000"
        shown = client.get(f"/{kind}/{written.id}").content.decode()
        assert "Diskon 5.000 menjadi 1.171.000" in shown


def test_the_preview_says_how_it_read_a_bare_discount(world):
    product = make_product(world, price=Decimal(98_000))
    lines = [
        {"key": key, "kind": "item", "product": str(product.id), "quantity": "1", "discount": text}
        for key, text in (("a", "5"), ("b", "5000"), ("c", "Rp 50"))
    ]

    answer = log_in(world.owner).post(
        "/sales/grid/preview", json.dumps({"lines": lines, "fields": {}}), content_type="application/json"
    )

    told = {key: (one["discount"], one["subtotal"]) for key, one in answer.json()["lines"].items()}
    assert told == {"a": ("5\u00a0%", "93.100"), "b": ("5.000", "93.000"), "c": ("Rp\u00a050", "97.950")}


def test_a_quotation_is_written_in_the_grid_and_a_double_click_writes_one(world):
    customer = make_customer(world)
    coffee, sugar = make_product(world, price=Decimal(98_000)), make_product(world, price=Decimal(742_000))
    form = {
        "customer": customer.id, "idempotency_key": new_id(), "note": "Antar pagi", "discount_percent": "2,5",
        "lines": grid(
            {"kind": "section", "text": "Bahan"},
            {"product": str(coffee.id), "quantity": "120", "discount": "5"},
            {"sku": sugar.sku, "quantity": "18", "price": "740.000", "optional": True},
        ),
    }  # fmt: skip
    client = log_in(world.owner)

    first = client.post("/quotations/new", form)
    second = client.post("/quotations/new", form)

    assert (first.status_code, second["Location"]) == (303, first["Location"])
    quotation = Quotation.objects.get()
    assert (quotation.subtotal, quotation.discount_percent, quotation.note) == (
        11_172_000,
        Decimal("2.5"),
        "Antar pagi",
    )
    lines = list(QuotationLine.objects.order_by("position"))
    assert [(line.kind, line.unit_price, line.is_optional) for line in lines] == [
        ("section", 0, False), ("item", 98_000, False), ("item", 740_000, True),
    ]  # fmt: skip


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong_beside_it(world):
    client = log_in(world.owner)
    form = {"customer": "", "lines": grid({"sku": "NO-SUCH", "quantity": "dua"}), "note": "<b>tetap</b>"}

    answer = client.post("/quotations/new", form)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Pilih pelanggan." in text
    assert "&lt;b&gt;tetap&lt;/b&gt;" in text
    assert "NO-SUCH" in text
    answer = client.post("/quotations/new", {**form, "customer": make_customer(world).id})
    assert "bukan" in answer.content.decode()
    assert Quotation.objects.count() == 0


def test_ten_thousand_and_one_lines_are_refused_with_a_clear_word(world):
    client = log_in(world.owner)
    lines = grid(*({"sku": "X"} for _ in range(10_001)))

    answer = client.post("/quotations/new", {"customer": make_customer(world).id, "lines": lines})

    assert answer.status_code == 422
    assert "10.000" in answer.content.decode()


def test_a_stale_form_is_refused_and_keeps_its_lines(world):
    product = make_product(world)
    quotation = make_quotation(world, [LineInput(product_id=product.id)])
    client = log_in(world.owner)
    form = {
        "customer": quotation.customer_id, "version": 1, "idempotency_key": new_id(),
        "lines": grid({"product": str(product.id), "quantity": "7"}),
    }  # fmt: skip

    assert client.post(f"/quotations/{quotation.id}/edit", form).status_code == 303
    stale = client.post(f"/quotations/{quotation.id}/edit", {**form, "idempotency_key": new_id(), "note": "kedua"})

    assert stale.status_code == 422
    assert "kedua" in stale.content.decode()
    assert QuotationLine.objects.get().quantity == 7
    assert Quotation.objects.get().note == ""


def test_the_grid_is_answered_line_by_line_and_the_good_lines_are_counted(world):
    customer = make_customer(world)
    product = make_product(world, stock=5, price=Decimal(100_000))
    body = {
        "fields": {"customer": str(customer.id), "discount_percent": "10"},
        "lines": [
            {"key": "a", "kind": "item", "product": str(product.id), "quantity": "8"},
            {"key": "b", "kind": "item", "sku": "NO-SUCH", "quantity": "1"},
            {"key": "c", "kind": "item", "sku": product.sku, "quantity": "-3"},
            {"key": "d", "kind": "item", "product": str(product.id), "quantity": "x"},
        ],
    }  # fmt: skip

    answer = log_in(world.owner).post("/sales/grid/preview", json.dumps(body), content_type="application/json").json()

    assert answer["lines"]["a"]["subtotal"] == "800.000"
    assert answer["lines"]["a"]["warning"] == "Hanya 5\u00a0pcs tersedia"
    assert answer["lines"]["a"]["why"][0]["text"].startswith("Harga dasar")
    assert "tidak ada" in answer["lines"]["b"]["error"]
    assert answer["lines"]["c"]["error_field"] == "quantity"
    assert "bukan angka" in answer["lines"]["d"]["error"]
    totals = {row["label"]: row["value"] for row in answer["totals"]}
    assert (totals["Total"], answer["words"]) == (
        "Rp\u00a0799.200",
        "Tujuh ratus sembilan puluh sembilan ribu dua ratus rupiah",
    )
    assert Quotation.objects.count() == 0


def test_the_type_ahead_knows_free_stock_and_the_customers_last_price(world):
    customer = make_customer(world)
    product = make_product(world, stock=40, price=Decimal(92_000))
    make_confirmed_order(
        world, [LineInput(product_id=product.id, quantity=Decimal(4), discount_percent=Decimal(5))], customer=customer
    )

    [found] = log_in(world.owner).get(f"/sales/grid/products?q={product.sku}&customer={customer.id}").json()

    assert (found["available"], found["last_price"], found["exact"]) == ("36", "Rp\u00a087.400", True)


def test_the_chain_leads_from_the_offer_to_the_invoice_for_many_documents_in_one_statement(world, rf):
    product = make_product(world, stock=50)
    invoices = [make_issued_invoice(world, [LineInput(product_id=product.id)]) for _ in range(3)]
    orders = list(SalesOrder.objects.order_by("number"))
    request = rf.get("/")
    request.user = world.owner
    refs = [DocumentRef("order", order.id) for order in orders] + [DocumentRef("invoice", one.id) for one in invoices]
    chains_of(request, refs)

    with CaptureQueriesContext(connection) as statements:
        chains = chains_of(request, refs)

    assert len([one for one in statements if "WITH asked" in one["sql"]]) == 1
    numbers = {stage.kind: [link.number for link in stage.links] for stage in chains[refs[0]]}
    assert numbers["delivery"] == ["DO-2026-00001"]
    assert numbers["invoice"] == [invoices[0].number]
    assert [stage.links[0].number for stage in chains[refs[3]] if stage.kind == "order"] == [orders[0].number]


def test_a_salesperson_sees_neither_a_colleagues_documents_nor_the_margin(world):
    product = make_product(world, cost=Decimal(70_000))
    quotation = make_quotation(world, [LineInput(product_id=product.id)])
    stranger = make_user(world.company, "salesperson")
    client = log_in(stranger)

    assert client.get(f"/quotations/{quotation.id}").status_code == 404
    assert quotation.number not in client.get("/quotations").content.decode()
    own = make_quotation(world, [LineInput(product_id=product.id)], by=stranger, salesperson_id=stranger.id)
    page = client.get(f"/quotations/{own.id}").content.decode()
    assert own.number in page
    assert "Margin" not in page
    assert "Margin" in log_in(world.owner).get(f"/quotations/{own.id}").content.decode()


def test_html_in_every_text_stays_text(world):
    evil = "<script>alert(1)</script>"
    customer = make_customer(world, name=evil)
    product = make_product(world, name=f"Kopi {evil}")
    quotation = make_quotation(
        world, [LineInput(product_id=product.id), LineInput(kind="note", description=evil)], customer=customer,
        note=evil, customer_reference=evil,
    )  # fmt: skip
    client = log_in(world.owner)

    for address in (f"/quotations/{quotation.id}", f"/quotations/{quotation.id}/edit", "/quotations"):
        assert evil not in client.get(address).content.decode()


def test_an_order_is_confirmed_in_the_dialog_with_prices_kept_and_the_missing_split_off(world):
    coffee, sugar = make_product(world, stock=10), make_product(world, stock=4)
    order = make_order(
        world,
        [LineInput(product_id=coffee.id, quantity=Decimal(2)), LineInput(product_id=sugar.id, quantity=Decimal(9))],
    )
    type(coffee).objects.filter(pk=coffee.pk).update(price=Decimal(111_000))
    client = log_in(world.owner)
    page = client.get(f"/orders/{order.id}/confirmation").content.decode()
    assert "111.000" in page
    assert "4 dari 9 pcs tersedia" in page
    short = SalesOrderLine.objects.get(order=order, product=sugar)

    refused = client.post(
        f"/orders/{order.id}/confirmation", {"version": order.version, "idempotency_key": new_id(), "prices": "keep"}
    )
    done = client.post(
        f"/orders/{order.id}/confirmation",
        {"version": order.version, "idempotency_key": new_id(), "prices": "keep", f"line-{short.id}": "split",
         f"free-{short.id}": "4"},
    )  # fmt: skip

    assert refused.status_code == 422
    assert done.status_code == 303
    order.refresh_from_db()
    lines = [
        (line.quantity, line.unit_price) for line in SalesOrderLine.objects.filter(order=order).order_by("position")
    ]
    assert (order.status, lines) == ("confirmed", [(2, 100_000), (4, 100_000), (5, 100_000)])
    assert "menunggu stok" in client.get(f"/orders/{order.id}").content.decode()


def test_a_short_line_is_taken_out_and_todays_prices_are_taken(world):
    coffee, sugar = make_product(world, stock=10), make_product(world, stock=4)
    order = make_order(
        world,
        [LineInput(product_id=coffee.id, quantity=Decimal(2)), LineInput(product_id=sugar.id, quantity=Decimal(9))],
    )
    type(coffee).objects.filter(pk=coffee.pk).update(price=Decimal(111_000))
    short = SalesOrderLine.objects.get(order=order, product=sugar)

    done = log_in(world.owner).post(
        f"/orders/{order.id}/confirmation",
        {"version": order.version, "idempotency_key": new_id(), "prices": "take", f"line-{short.id}": "remove"},
    )

    assert done.status_code == 303
    order.refresh_from_db()
    assert (order.status, order.net, SalesOrderLine.objects.filter(order=order).count()) == ("confirmed", 222_000, 1)


def test_a_confirmed_order_is_amended_in_the_same_grid(world):
    product = make_product(world, stock=10)
    order = make_confirmed_order(world, [LineInput(product_id=product.id, quantity=Decimal(2))])
    line = SalesOrderLine.objects.get(order=order)
    lines = json.dumps(
        [{"key": str(line.id), "kind": "item", "product": str(product.id), "quantity": "5", "unit": "pcs"}]
    )

    answer = log_in(world.owner).post(
        f"/orders/{order.id}/edit",
        {
            "customer": order.customer_id,
            "version": order.version,
            "lines": lines,
            "reason": "Tambah",
            "idempotency_key": new_id(),
        },
    )

    assert answer.status_code == 303
    line.refresh_from_db()
    assert line.quantity == 5
    page = log_in(world.owner).get(f"/orders/{order.id}").content.decode()
    assert "Tambah" in page
    assert "2 → 5" in page


def test_a_template_is_saved_and_fills_a_new_quotation(world):
    product = make_product(world)
    quotation = make_quotation(world, [LineInput(product_id=product.id, quantity=Decimal(6))], note="Franko")
    client = log_in(world.owner)

    assert client.post(f"/quotations/{quotation.id}/template", {"name": "Grosir"}).status_code == 303
    template = QuotationTemplate.objects.get()
    page = client.get(f"/quotations/new?template={template.id}").content.decode()

    assert product.sku in page
    assert "Franko" in page
    client.post(f"/quotations/templates/{template.id}/archive")
    template.refresh_from_db()
    assert template.archived_at is not None


def test_every_state_offers_one_next_deed(world):
    product = make_product(world, stock=50)
    client = log_in(world.owner)

    def primary(address: str) -> str:
        page = client.get(address).context["page"]
        return str(page.primary.label) if page.primary else ""

    quotation = make_quotation(world, [LineInput(product_id=product.id)])
    assert primary(f"/quotations/{quotation.id}") == "Kirim"
    send_quotation(quotation_id=quotation.id, by=world.owner, at=NOW)
    assert primary(f"/quotations/{quotation.id}") == "Jadikan pesanan"
    client.post(f"/quotations/{quotation.id}/acceptance", {"idempotency_key": new_id()})
    assert primary(f"/quotations/{quotation.id}") == "Buka pesanan"
    order = SalesOrder.objects.get(quotation=quotation)
    assert primary(f"/orders/{order.id}") == "Konfirmasi"
    confirm_order(order_id=order.id, by=world.owner, at=NOW)
    assert primary(f"/orders/{order.id}") == "Kirim barang"


def test_an_order_of_services_is_invoiced_next_and_delivered_only_by_choice(world):
    service = make_product(world, kind="service")
    order = make_confirmed_order(world, [LineInput(product_id=service.id)])
    client = log_in(world.owner)

    def offered() -> tuple[str, bool]:
        page = client.get(f"/orders/{order.id}").context["page"]
        return str(page.primary.label) if page.primary else "", "Kirim barang" in [
            str(one.label) for one in page.actions
        ]

    assert offered() == ("Buat faktur", True)
    invoice_order(order_id=order.id, basis="ordered", by=world.owner, at=NOW)
    assert offered() == ("", True)
