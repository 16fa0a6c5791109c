from datetime import datetime, timedelta
from uuid import UUID

from niaga.imports.queries.demo_owing import demo_owing
from niaga.organization.access import Actor
from niaga.parties.services.save_contact import save_contact
from niaga.portal.services.invite_contact import invite_contact


def open_demo_portal(*, company_id: UUID, by: Actor, at: datetime) -> UUID | None:
    """A contact of the customer with the most open invoices is invited to their own pages; the mail with the link is in
    the mailbox. Returns the access's id."""
    customer_id = demo_owing(company_id=company_id, by=by, today=at.date())
    if customer_id is None:
        return None
    contact = save_contact(
        customer_id=customer_id, name="Wulan Pratiwi", role="Keuangan", email="wulan@pelanggan.example", by=by,
        at=at - timedelta(hours=2),
    )  # fmt: skip
    return invite_contact(customer_id=customer_id, contact_id=contact.pk, by=by, at=at - timedelta(hours=1)).pk
