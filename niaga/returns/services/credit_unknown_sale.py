from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from niaga.catalog.queries.product_facts import product_facts
from niaga.core.batch import Batch
from niaga.core.clock import today as day_at
from niaga.invoicing.services.draft_free_credit import FreeLine, draft_free_credit
from niaga.invoicing.services.issue_invoice import issue_invoice
from niaga.organization.access import Actor
from niaga.parties.queries.selling_facts import customer_facts
from niaga.returns.models import Return
from niaga.returns.queries.credits import Credit
from niaga.sales.rules.lines import LineInput
from niaga.sales.services.draft_order import OrderDetails, draft_order
from niaga.ui import formatting


def credit_unknown_sale(
    rma: Return, credited: Sequence[Credit], *, waive_fees: bool, by: Actor, at: datetime
) -> list[Any]:
    """Issue the one credit note of a locked return without a document: it corrects no invoice, so it lessens no PPN,
    and says so. It is the customer's credit, for any invoice."""
    customer = customer_facts(customer_id=rma.customer_id)
    assert customer is not None
    with override(rma.company.language or "id"):
        reasons = ", ".join(dict.fromkeys(one.line.reason.name(rma.company.language) for one in credited))
        untaxed = _("No tax invoice is named, so PPN is not lessened.")
        lines = [_line(one, waive_fees=waive_fees) for one in credited]
    batch = Batch()
    note_id = draft_free_credit(
        batch=batch, about=rma, party=customer.frozen_party(), lines=lines,
        reason=f"{rma.number}: {reasons}. {untaxed}", reference=rma.number or "", by=by.id, at=at,
        today=day_at(at=at, zone=rma.branch.zone),
    )  # fmt: skip
    batch.write()
    return [issue_invoice(invoice_id=note_id, by=by, at=at)]


def _line(credit: Credit, *, waive_fees: bool) -> FreeLine:
    line = credit.line
    assert line.unit_price is not None
    name = line.description.split("\n")[0][:120]
    fee = _("Restocking fee %(percent)s · %(name)s") % {"percent": formatting.percent(line.fee_percent), "name": name}
    return FreeLine(
        line.product_id, line.unit_id, line.factor, line.description, credit.quantity, line.unit_price,
        type(line.fee_percent)(0) if waive_fees else line.fee_percent, fee,
    )  # fmt: skip


def draft_anew(rma: Return, credited: Sequence[Credit], *, by: Actor, at: datetime) -> UUID:
    """A draft order of the same goods, at the prices of today: at which they were sold nobody knows."""
    ids = [one.line.product_id for one in credited]
    products = product_facts(company_id=rma.company_id, ids=ids)
    lines = []
    for one in credited:
        product = products.get(one.line.product_id)
        unit = next((unit for unit in product.units if unit.id == one.line.unit_id), None) if product else None
        lines.append(LineInput(product_id=one.line.product_id, quantity=one.quantity, unit=unit.code if unit else None))
    order = draft_order(
        customer_id=rma.customer_id, branch_id=rma.branch_id, lines=lines, by=by, at=at,
        details=OrderDetails(warehouse_id=rma.warehouse_id, customer_reference=rma.number or "", currency=rma.currency),
    )  # fmt: skip
    return order.id
