"""One delivery note for all that travels together: the goods by order."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, override

from niaga.catalog.queries.barcodes import barcodes_of
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.documents.queries.company_print import company_print
from niaga.documents.registry import Paper
from niaga.documents.rules.priced_print import party_on_paper
from niaga.documents.rules.print_document import PrintDocument, PrintKind, PrintLine, PrintSignature
from niaga.organization.access import Actor
from niaga.parties.queries.selling_facts import customer_facts
from niaga.stock.queries.deliveries import lines_of_deliveries
from niaga.stock.queries.loads import line_loads
from niaga.stock.queries.paper import ROLES, delivery_line, received, weight_facts
from niaga.stock.queries.together import deliveries_of_joint, get_joint
from niaga.stock.registry import OrderOfDelivery, delivery_orders


def joint_paper(*, subject_id: UUID, by: Actor, language: str, variant: str) -> Paper:
    """The delivery note of a joint delivery, or with `variant` `pick_list` the list to pick all of it by.

    :raises NotFound: none, or none that `by` may see
    """
    joint = get_joint(joint_id=subject_id, by=by)
    rows = deliveries_of_joint(joint_id=joint.pk, by=by)
    customer = customer_facts(customer_id=joint.customer_id)
    if customer is None or variant not in ROLES:
        raise NotFound()
    ids, first = [one.pk for one in rows], rows[0]
    lines = lines_of_deliveries(delivery_ids=ids)
    orders = {key: one for _name, source in delivery_orders for key, one in source(ids).items()}
    loads = line_loads(ids)
    codes = barcodes_of([line["product_id"] for one in lines.values() for line in one])
    sender = company_print(company_id=joint.company_id)
    spoken = language or (sender.language if variant else customer.language or sender.language)
    proof = next((one.proof for one in rows if getattr(one, "proof", None) is not None), None)
    printed: list[PrintLine] = []
    for one in rows:
        printed.append(PrintLine(_heading(one, orders.get(one.pk), spoken), kind="section"))
        printed += [delivery_line(line, codes, variant, spoken, loads) for line in lines.get(one.pk, [])]
    data = PrintDocument(
        number=joint.number, day=first.shipped_date or first.planned_date
        or day_at(at=joint.created_at, zone=joint.branch.zone),
        company=sender.company, logo=sender.logo, foot=sender.foot,
        customer=party_on_paper(first.address or customer.frozen_delivery_address(), with_numbers=False),
        lines=tuple(printed), order_numbers=_each(one.source_number for one in rows),
        warehouse=joint.warehouse.name, delivery_date=first.planned_date if first.shipped_date is None else None,
        driver=first.carrier, vehicle=first.tracking, note="\n".join(_each(one.note for one in rows)),
        signatures=tuple(
            received(proof) if role == "sign_recipient" and proof is not None else PrintSignature(role)
            for role in ROLES[variant]
        ),
        facts=weight_facts(loads, spoken),
    )  # fmt: skip
    return Paper(
        PrintKind.PICK_LIST if variant else PrintKind.DELIVERY_NOTE, data, spoken, "joint", joint.pk, joint.company_id,
        customer_id=joint.customer_id, branch_id=joint.branch_id,
    )  # fmt: skip


def _each(words: Iterable[str]) -> tuple[str, ...]:
    """Those that say something, once each."""
    return tuple(dict.fromkeys(filter(None, words)))


def _heading(delivery: Any, order: OrderOfDelivery | None, language: str) -> str:
    """The order's number, the customer's own reference and the delivery's number."""
    with override(language):
        told: Mapping[str, str] = {"reference": order.reference if order else ""}
        words = [order.number if order else delivery.source_number]
        if told["reference"]:
            words.append(gettext("your ref. %(reference)s") % told)
        words.append(delivery.number)
    return " · ".join(filter(None, words))
