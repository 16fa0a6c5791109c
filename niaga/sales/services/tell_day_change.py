from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.outbox import announce
from niaga.core.rules.placeholders import fill_placeholders
from niaga.documents.services.keep_links import keep_links
from niaga.messaging.queries.whatsapp_templates import approved_templates
from niaga.messaging.rules.addresses import one_line
from niaga.messaging.services.add_notice import add_notice
from niaga.messaging.services.dress_text import dress_text
from niaga.messaging.services.queue_email import is_address, queue_email
from niaga.messaging.services.queue_whatsapp import WhatsappToSend, queue_whatsapp
from niaga.organization.access import SYSTEM
from niaga.organization.queries.companies import CompanyProfile, company_profile
from niaga.parties.queries.reachable import Reachable, reachable
from niaga.sales.events import OrderChanged
from niaga.sales.models import DayNotice, DayNoticeRule, SalesOrder
from niaga.sales.queries.day_notices import line_days, notice_rules
from niaga.sales.rules.day_notice import Changed, changed_days, days_text, words_in
from niaga.sales.services.lock_order import lock_order

_NOBODY = gettext_noop("%(customer)s could not be told that %(number)s leaves on another day: no address is known.")


@transaction.atomic
def tell_day_change(*, order_id: UUID, at: datetime) -> str:
    """Tell a customer the last days of an order that changed, by mail and WhatsApp, once: the message is queued in the
    transaction that says it was. Days that are back where they were, and orders that are over, tell nothing.

    Returns what became of it: `told`, `dropped`, `unreachable`, or nothing when nothing is due.
    """
    order = lock_order(order_id=order_id, action="change", by=SYSTEM)
    notice = DayNotice.objects.select_for_update().filter(order_id=order_id, state="waiting", due_at__lte=at).first()
    if notice is None:
        return ""
    lines = line_days(order)
    changed = changed_days(notice.before, lines) if order.status == "confirmed" else []
    batch = Batch()
    told: dict[str, Any] = {}
    if changed:
        told = _queue(batch, order, changed, len(changed) == len(lines), at)
        if not told and order.salesperson_id:
            facts = {"number": order.number, "customer": reachable([order.customer_id])[order.customer_id].name}
            add_notice(
                batch=batch, to=[order.salesperson_id], text=_NOBODY, facts=facts, url=f"/orders/{order.pk}",
                subject_kind="order", subject_id=order.pk, at=at,
            )  # fmt: skip
    state = "told" if told else "unreachable" if changed else "dropped"
    days = [{"description": one.description, "days": [str(one.before or ""), str(one.after or "")]} for one in changed]
    batch.update(
        DayNotice, where={"id": notice.pk}, values={"state": state, "told": days, "settled_at": at, **told}
    )  # fmt: skip
    if changed:
        record(
            batch=batch, subject_kind="order", subject_id=order.pk, verb="tell_day" if told else "tell_day_failed",
            by=None, at=at, company_id=order.company_id, from_status=order.status, to_status=order.status,
            data={"lines": days},
        )  # fmt: skip
        announce(
            batch=batch, event=OrderChanged(order.pk, order.number, order.customer_id, "day_told"),
            company_id=order.company_id, by=None, at=at,
        )  # fmt: skip
    batch.write()
    return state


def _queue(batch: Batch, order: SalesOrder, changed: list[Changed], all_lines: bool, at: datetime) -> dict[str, Any]:
    """The mail and the message as far as the customer can be reached by them, by their columns."""
    _mode, rule = notice_rules(company_id=order.company_id, customer_id=order.customer_id)
    person = reachable([order.customer_id])[order.customer_id]
    company = company_profile(order.company_id)
    language = person.language if person.language in ("id", "en") else company.language or "id"
    [link] = keep_links(
        batch=batch, subject_kind="order", subject_ids=[order.pk], company_id=order.company_id, by=None, at=at
    ).values()
    values = {
        "customer.name": person.name, "company.name": company.name, "order.number": order.number,
        "order.reference": order.customer_reference or "-", "link": link,
    }  # fmt: skip
    told: dict[str, Any] = {}
    email = (order.contact.email if order.contact else "") or person.email
    if (rule is None or rule.by_email) and is_address(email):
        days = days_text(changed, all_lines=all_lines, language=language)
        told["email_id"] = _mail(batch, order, rule, company, email, language, {**values, "days": days}, at)
    if rule is not None and rule.whatsapp_template and person.whatsapp:
        told |= _message(batch, order, rule, person, language, changed, all_lines, values, at)
    return told


def _mail(
    batch: Batch, order: SalesOrder, rule: DayNoticeRule | None, company: CompanyProfile, to: str, language: str,
    values: dict[str, str], at: datetime,
) -> UUID:  # fmt: skip
    words = words_in(rule.words if rule else {}, language)
    text = fill_placeholders(words["text"], values)
    with translation.override(language):
        html = dress_text(
            text, company=company.name, button=(gettext("See your order"), values["link"]), base_url=settings.BASE_URL
        )
    return queue_email(
        batch=batch, company_id=order.company_id, to=[to],
        subject=one_line(fill_placeholders(words["subject"], values))[:300], text=text, html=html,
        reply_to=order.salesperson.email if order.salesperson else "", subject_kind="order", subject_id=order.pk,
        by=None, at=at,
    )  # fmt: skip


def _message(
    batch: Batch, order: SalesOrder, rule: DayNoticeRule, person: Reachable, language: str, changed: list[Changed],
    all_lines: bool, values: dict[str, str], at: datetime,
) -> dict[str, Any]:  # fmt: skip
    """Nothing without a template that WhatsApp approved in the customer's language or in Indonesian."""
    templates = approved_templates(order.company_id)
    spoken = next((one for one in (language, "id") if (rule.whatsapp_template, one) in templates), None)
    if spoken is None:
        return {}
    template = templates[rule.whatsapp_template, spoken]
    days = days_text(changed, all_lines=all_lines, language=spoken, breaks=False)
    [key] = queue_whatsapp(
        batch=batch, company_id=order.company_id, by=None, at=at,
        messages=[WhatsappToSend(
            person.whatsapp, rule.whatsapp_template, spoken, template.text,
            template.values({**values, "days": days}), "order", order.pk,
        )],
    )  # fmt: skip
    return {"whatsapp_id": key}
