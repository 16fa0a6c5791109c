"""The slip that goes along with what comes back: what, how much and why, and a code for who takes it in."""

from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, override

from niaga.core.errors import NotFound
from niaga.documents.queries.company_print import company_print
from niaga.documents.queries.find_papers import find_papers
from niaga.documents.registry import Paper, PaperChoice
from niaga.documents.rules.priced_print import party_on_paper
from niaga.documents.rules.print_document import PrintDocument, PrintKind, PrintLine, PrintSignature, Stamp
from niaga.organization.access import Actor
from niaga.parties.queries.selling_facts import customer_facts
from niaga.returns.models import Return, ReturnLine
from niaga.returns.queries.returns import note_for_customer, return_lines, see_return, visible_returns
from niaga.returns.queries.takers import sent_straight_to
from niaga.returns.web.words import CONDITIONS

SHOWN = ("authorized", "received", "inspected", "settled", "cancelled")


def receiving_address(rma: Return) -> str:
    """Where the code on a slip leads: the page that takes the goods in, or the supplier's answer, for who is signed in
    and may."""
    page = "receipt" if rma.supplier_id is None else "supplier-answer"
    return f"{settings.BASE_URL}/returns/{rma.pk}/{page}"


def return_paper(*, subject_id: UUID, by: Actor, language: str, variant: str) -> Paper:
    """The slip of a return of goods that is authorized.

    :raises NotFound: none, none that `by` may see, not authorized, or a claim: nothing comes back
    """
    rma = see_return(return_id=subject_id, by=by)
    customer = customer_facts(customer_id=rma.customer_id)
    if variant or rma.kind != "goods" or rma.status not in SHOWN or not rma.number or customer is None:
        raise NotFound()
    sender = company_print(company_id=rma.company_id)
    spoken = language or customer.language or sender.language
    with override(spoken):
        back = return_lines(return_id=rma.pk)
        lines = tuple(_line(line, spoken) for line in back)
        facts = ((gettext("Asked by"), rma.asked_by), (gettext("Send to"), sent_straight_to(rma)))
    data = PrintDocument(
        number=rma.number, day=rma.date, company=sender.company, logo=sender.logo, foot=sender.foot,
        customer=party_on_paper(customer.frozen_delivery_address(), with_numbers=False), lines=lines,
        stamp=Stamp.CANCELLED if rma.status == "cancelled" else None,
        order_numbers=(rma.order_number,) if rma.order_number else (),
        warehouse=rma.supplier.name if rma.supplier else rma.warehouse.name,
        note=note_for_customer(rma, back), public_url=receiving_address(rma), facts=facts,
        signatures=(PrintSignature("sign_sender", rma.asked_by), PrintSignature("sign_recipient")),
    )  # fmt: skip
    return Paper(
        PrintKind.RETURN, data, spoken, "return", rma.pk, rma.company_id, customer_id=rma.customer_id,
        branch_id=rma.branch_id,
    )  # fmt: skip


def _line(line: ReturnLine, language: str) -> PrintLine:
    return PrintLine(
        line.description, sku=line.product.sku, quantity=line.quantity, unit=line.unit.code, detail=line.note,
        reason=line.reason.name(language), condition=str(CONDITIONS[line.condition]),
    )  # fmt: skip


def trial_returns(*, text: str, by: Actor) -> list[PaperChoice]:
    """Returns to try a template on."""
    return find_papers(visible_returns(by=by).filter(kind="goods", status__in=SHOWN), text=text)
