from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.ids import new_id
from niaga.messaging.services.dress_text import dress_text
from niaga.messaging.services.queue_email import queue_email
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.companies import company_profile
from niaga.parties.queries.customers import lock_customer
from niaga.portal.errors import InvitedAlready, NoAddress
from niaga.portal.models import PortalAccess, PortalPerson, PortalTicket
from niaga.portal.queries.access import contact_of
from niaga.portal.services.secrets import hash_of, new_token

WEEK = timedelta(days=7)


@transaction.atomic
def invite_contact(*, customer_id: UUID, contact_id: UUID | None, by: Actor, at: datetime) -> PortalAccess:
    """Let a contact (without one: who reads the customer's own address) see the customer's pages, and mail them the
    link that signs in once within a week. Invited anew while they have access, they are sent another link.

    :raises NotFound: no such customer or contact
    :raises Forbidden: the person may not invite, or not to this customer
    :raises NoAddress: there is no e-mail address
    :raises InvitedAlready: the address has access as somebody else at the customer
    """
    customer = lock_customer(by, customer_id, "view")
    access_of(by).require("portal", "invite", customer)
    name, email = customer.name, customer.email
    if contact_id is not None:
        contact = contact_of(customer_id=customer_id, contact_id=contact_id)
        if contact is None:
            raise NotFound(field="contact_id")
        name, email = contact
    email = email.strip().lower()
    if not email:
        raise NoAddress(field="contact_id")
    held = PortalAccess.objects.filter(customer_id=customer_id, person__email=email, revoked_at=None).first()
    if held is not None and held.contact_id != contact_id:
        raise InvitedAlready(field="contact_id")
    person = _person(email, customer.language, at)
    access = held or PortalAccess(
        id=new_id(), company_id=customer.company_id, customer_id=customer_id, contact_id=contact_id,
        person_id=person.pk, name=name[:120], invited_by_id=by.pk, invited_at=at,
    )  # fmt: skip
    batch = Batch()
    if held is None:
        columns = [column.attname for column in PortalAccess._meta.concrete_fields]
        batch.insert(PortalAccess, [{column: getattr(access, column) for column in columns}])
    _mail(batch, customer, person, name, by, at)
    record(
        batch=batch, subject_kind="customer", subject_id=customer_id, verb="portal_invite", by=by.pk, at=at,
        company_id=customer.company_id, note=person.email, data={"access": access.pk, "contact": contact_id},
    )  # fmt: skip
    batch.write()
    return access


def _person(email: str, language: str, at: datetime) -> PortalPerson:
    """Two who invite the same address at once make one person of it."""
    PortalPerson.objects.bulk_create(
        [PortalPerson(id=new_id(), email=email, language=language, created_at=at)], ignore_conflicts=True
    )
    return PortalPerson.objects.get(email=email)


def _mail(batch: Batch, customer: object, person: PortalPerson, name: str, by: Actor, at: datetime) -> None:
    company = company_profile(customer.company_id)  # type: ignore[attr-defined]
    token = new_token()
    address = f"{settings.BASE_URL}/portal/enter/{token}"
    batch.insert(
        PortalTicket,
        [{"id": new_id(), "person_id": person.pk, "token_hash": hash_of(token), "created_at": at,
          "expires_at": at + WEEK}],
    )  # fmt: skip
    with translation.override(person.language or company.language):
        facts = {
            "name": name or person.email, "company": company.name, "customer": customer.name,  # type: ignore[attr-defined]
            "link": address, "later": f"{settings.BASE_URL}/portal",
        }  # fmt: skip
        text = (
            _(
                "Hello %(name)s,\n\n%(company)s keeps pages for %(customer)s: invoices and what is open, orders and"
                " deliveries, statements of account.\n\nThis link opens them once, within seven days:\n\n%(link)s\n\n"
                "Later you sign in with this e-mail address at %(later)s; there is no password.\n"
            )
            % facts
        )
        queue_email(
            batch=batch, company_id=company.id, to=[person.email],
            subject=_("Your pages at %(company)s") % {"company": company.name}, text=text,
            html=dress_text(text, company=company.name, button=(_("Open"), address), base_url=settings.BASE_URL),
            subject_kind="customer", subject_id=customer.pk, secret=True, by=by.pk, at=at,  # type: ignore[attr-defined]
        )  # fmt: skip
