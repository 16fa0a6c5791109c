from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.organization.access import Actor, access_of
from niaga.portal.errors import NoTemplate
from niaga.portal.models import PortalSettings, TakesOrders
from niaga.portal.queries.whatsapp_way import bears_link

NAMES = ("is_open", "shows_credit", "takes_returns", "welcome", "takes_orders", "shows_stock", "least_order",
         "whatsapp_template")  # fmt: skip


@transaction.atomic
def save_settings(
    *,
    company_id: UUID,
    is_open: bool,
    shows_credit: bool,
    takes_returns: bool,
    welcome: str,
    takes_orders: str = "off",
    shows_stock: bool = False,
    least_order: Decimal = Decimal(0),
    whatsapp_template: str = "",
    by: Actor,
    at: datetime,
) -> PortalSettings:
    """Say what the company's customers see on their own pages. Closed, nobody of theirs sees anything.

    :raises Forbidden: the person may not change settings
    :raises Invalid: no such way, or no amount
    :raises NoTemplate: another template is chosen, and it bears no link
    """
    access_of(by).require("setting", "change", company_id=company_id)
    if takes_orders not in TakesOrders.values or not 0 <= least_order < Decimal(10) ** 14:
        raise Invalid(field="least_order")
    template = whatsapp_template.replace("\x00", "").strip()[:120]
    PortalSettings.objects.bulk_create([PortalSettings(company_id=company_id)], ignore_conflicts=True)
    found = PortalSettings.objects.select_for_update().get(company_id=company_id)
    # What was chosen stays when WhatsApp takes its approval back, until somebody chooses another.
    if template not in ("", found.whatsapp_template) and not bears_link(company_id=company_id, template=template):
        raise NoTemplate(field="whatsapp_template")
    wanted = {
        "is_open": is_open, "shows_credit": shows_credit, "takes_returns": takes_returns,
        "welcome": welcome.strip()[:300], "takes_orders": takes_orders, "shows_stock": shows_stock,
        "least_order": least_order, "whatsapp_template": template,
    }  # fmt: skip
    changed = {
        name: [str(getattr(found, name)), str(wanted[name])] for name in NAMES if getattr(found, name) != wanted[name]
    }
    if not changed:
        return found
    batch = Batch()
    batch.update(PortalSettings, where={"id": found.pk}, values={**wanted, "version": found.version + 1})
    record(
        batch=batch, subject_kind="company", subject_id=company_id, verb="set_portal", by=by.pk, at=at,
        company_id=company_id, data=changed,
    )  # fmt: skip
    batch.write()
    for name, value in wanted.items():
        setattr(found, name, value)
    return found
