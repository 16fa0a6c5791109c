from datetime import datetime, timedelta
from uuid import UUID

from niaga.imports.queries.demo_owing import demo_owing
from niaga.messaging.services.save_whatsapp_template import save_whatsapp_template
from niaga.organization.access import Actor
from niaga.parties.services.save_contact import save_contact
from niaga.portal.services.invite_contact import invite_contact
from niaga.portal.services.save_settings import save_settings

_TEXT = (
    "Halo {{contact.name}}, ini tautan masuk ke halaman {{customer.name}} di {{company.name}}: {{link}} Berlaku sekali,"
    " selama {{valid}}."
)


def open_demo_portal(*, company_id: UUID, by: Actor, at: datetime) -> UUID | None:
    """A contact of the customer with the most open invoices is invited to their own pages; the mail with the link is in
    the mailbox. Returns the access's id."""
    customer_id = demo_owing(company_id=company_id, by=by, today=at.date())
    if customer_id is None:
        return None
    save_whatsapp_template(name="tautan_portal", language="id", text=_TEXT, state="approved", by=by, at=at)
    save_settings(
        company_id=company_id, is_open=True, shows_credit=False, takes_returns=True, welcome="",
        whatsapp_template="tautan_portal", by=by, at=at,
    )  # fmt: skip
    contact = save_contact(
        customer_id=customer_id, name="Wulan Pratiwi", role="Keuangan", email="wulan@pelanggan.example",
        phone="+6281230004411", by=by, at=at - timedelta(hours=2),
    )  # fmt: skip
    return invite_contact(customer_id=customer_id, contact_id=contact.pk, by=by, at=at - timedelta(hours=1)).pk
