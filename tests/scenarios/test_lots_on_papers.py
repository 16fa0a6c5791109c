"""Lots and last days as columns of delivery note and invoice, for the customers whose template has them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from niaga.core.clock import now
from niaga.documents.registry import papers
from niaga.documents.rules.paper_design import PaperColumn, PaperDesign
from niaga.documents.rules.print_payload import print_payload
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.deliver_order import deliver_order
from niaga.sales.services.invoice_order import invoice_order
from niaga.sales.services.ship_order_delivery import ship_order_delivery
from niaga.stock.services.check_lines import LotGiven, StockItem
from niaga.stock.services.receive_goods import receive_goods
from niaga.stock.services.start_lots import start_lots
from tests.makers import NOW, make_confirmed_order, make_product, make_world

pytestmark = pytest.mark.django_db
D = Decimal
COLUMNS = ("item", "lot", "expires", "quantity")
LOTTED = PaperDesign(columns=tuple(PaperColumn(key) for key in COLUMNS))


def printed(kind: str, subject_id: Any, design: PaperDesign = LOTTED) -> list[dict[str, Any]]:
    """The cells of the rows of a paper, by column."""
    source = papers.get(kind)
    assert source is not None
    paper = source(subject_id=subject_id, by=SYSTEM, language="en", variant="")
    payload = print_payload(kind=paper.kind, document=paper.data, language="en", design=design)
    heads = [one["key"] for one in payload["columns"]]
    return [dict(zip(heads, row["cells"], strict=True)) for row in payload["rows"]]


def test_each_invoice_names_the_lots_that_it_bills_where_a_template_wants_them() -> None:
    world = make_world()
    milk = make_product(world, name="Susu")
    start_lots(product_id=milk.id, by=world.owner, at=NOW)
    lots = (LotGiven("L1", D(6), date(2027, 1, 31)), LotGiven("L2", D(10), date(2027, 6, 30)))
    receive_goods(
        branch_id=world.branch.id, items=[StockItem(D(16), product_id=milk.id, lots=lots)], by=world.owner, at=NOW
    )
    order = make_confirmed_order(world, [LineInput(product_id=milk.id, quantity=D(12))])
    line, who = order.lines.get(), {"by": world.owner, "at": NOW}
    made = []
    for count in (4, 8):
        delivery_id = deliver_order(order_id=order.id, quantities={line.id: D(count)}, **who)
        ship_order_delivery(delivery_id=delivery_id, **who)
        invoice_id = invoice_order(order_id=order.id, **who)
        issue_invoice(invoice_id=invoice_id, **who)
        made.append((delivery_id, invoice_id))

    [first], [second] = (printed("invoice", invoice_id) for _delivery, invoice_id in made)
    [note] = printed("delivery", made[1][0])

    assert (first["lot"]["text"], first["expires"]["text"]) == ("L1", "31 Jan 2027")
    assert ([second["lot"]["text"], *second["lot"]["sub"]]) == ["L1 (2\u00a0pcs)", "L2 (6\u00a0pcs)"]
    assert (note["lot"], note["expires"], note["item"]["sub"]) == (second["lot"], second["expires"], [milk.sku])
    usual = printed("invoice", made[1][1], PaperDesign())[0]
    assert "lot" not in usual
    assert any("L1" in said for said in printed("delivery", made[1][0], PaperDesign())[0]["item"]["sub"])
    token = create_token(user_id=world.owner.id, name="test", by=SYSTEM, at=now())
    api = Client(headers={"Authorization": f"Bearer {token.text}"})
    told = api.get(f"/api/v1/invoices/{made[1][1]}").json()["lines"][0]["lots"]
    assert [(lot["number"], D(str(lot["quantity"]))) for lot in told] == [("L1", 2), ("L2", 6)]
