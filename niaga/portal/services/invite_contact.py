from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.organization.queries.companies import company_profile
from niaga.parties.queries.customers import lock_customer
from niaga.portal.errors import InvitedAlready, InvitedJustNow, NoAddress
from niaga.portal.models import PortalAccess, PortalPerson, PortalTicket
from niaga.portal.queries.access import contact_of
from niaga.portal.queries.whatsapp_way import Way, mobile, whatsapp_way
from niaga.portal.services.queue_link import LinkFacts, mail_link, whatsapp_link

WEEK, MINUTE = timedelta(days=7), timedelta(minutes=1)


@transaction.atomic
def invite_contact(
    *, customer_id: UUID, contact_id: UUID | None, by: Actor, at: datetime, by_whatsapp: bool = False
) -> PortalAccess:
    """Let a contact (without one: who reads the customer's own address) see the customer's pages, and send them the
    link that signs in once within a week, by mail or by WhatsApp. They sign in later the way they were invited. Invited
    anew while they have access, they are sent another link; by WhatsApp not within a minute.

    :raises NotFound: no such customer or contact
    :raises Forbidden: the person may not invite, or not to this customer
    :raises NoAddress, NoMobile: there is no e-mail address, or no number that WhatsApp reaches
    :raises WhatsappNotSetUp, NoTemplate, WhatsappRefused: nothing can go by WhatsApp
    :raises InvitedAlready: the address has access as somebody else at the customer
    :raises InvitedJustNow: a link went to the number within the last minute
    """
    customer = lock_customer(by, customer_id, "view")
    access_of(by).require("portal", "invite", customer)
    name, email, phone = customer.name, customer.email, customer.phone
    if contact_id is not None:
        contact = contact_of(customer_id=customer_id, contact_id=contact_id)
        if contact is None:
            raise NotFound(field="contact_id")
        name, email, phone = contact
    company = company_profile(customer.company_id)
    email, way = email.strip().lower(), None
    if by_whatsapp:
        language = customer.language or company.language
        way = whatsapp_way(company_id=customer.company_id, customer_id=customer_id, language=language)
        email, phone = "", mobile(phone)
    elif not email:
        raise NoAddress(field="contact_id")
    who = {"phone": phone} if by_whatsapp else {"email": email}
    mine = PortalAccess.objects.filter(customer_id=customer_id, revoked_at=None)
    held = mine.filter(**{f"person__{field}": one for field, one in who.items()}).first()
    if held is not None and held.contact_id != contact_id:
        raise InvitedAlready(field="contact_id")
    person = _person(who, customer.language, at)
    if way is not None and _just_now(person, at):
        raise InvitedJustNow()
    access = held or PortalAccess(
        id=new_id(), company_id=customer.company_id, customer_id=customer_id, contact_id=contact_id,
        person_id=person.pk, name=name[:120], invited_by_id=by.pk, invited_at=at,
    )  # fmt: skip
    batch = Batch()
    if held is None:
        columns = [column.attname for column in PortalAccess._meta.concrete_fields]
        batch.insert(PortalAccess, [{column: getattr(access, column) for column in columns}])
    facts = LinkFacts(name, customer.name, customer.pk, company.name, company.id, WEEK)
    _send(batch, person, facts, way, person.language or company.language, by, at)
    record(
        batch=batch, subject_kind="customer", subject_id=customer_id, verb="portal_invite", by=by.pk, at=at,
        company_id=customer.company_id, note=person.address,
        data={"access": access.pk, "contact": contact_id, "by_whatsapp": by_whatsapp},
    )  # fmt: skip
    batch.write()
    return access


def _person(who: dict[str, str], language: str, at: datetime) -> PortalPerson:
    """Two who invite the same address at once make one person of it."""
    PortalPerson.objects.bulk_create(
        [PortalPerson(id=new_id(), **who, language=language, created_at=at)], ignore_conflicts=True
    )
    return PortalPerson.objects.select_for_update().get(**who)


def _just_now(person: PortalPerson, at: datetime) -> bool:
    tickets = PortalTicket.objects.filter(person=person, created_at__gt=at - MINUTE, created_at__lte=at)
    return tickets.exclude(whatsapp_id=None).exists()


def _send(
    batch: Batch, person: PortalPerson, facts: LinkFacts, way: Way | None, language: str, by: Actor, at: datetime
) -> None:
    if way is not None:
        whatsapp_link(batch=batch, person=person, facts=facts, way=way, by=by.pk, at=at)
        return
    with translation.override(language):
        mail_link(
            batch=batch, person=person, facts=facts, by=by.pk, at=at, button=_("Open"),
            subject=_("Your pages at %(company)s") % {"company": facts.company},
            text=_(
                "Hello %(name)s,\n\n%(company)s keeps pages for %(customer)s: invoices and what is open, orders and"
                " deliveries, statements of account.\n\nThis link opens them once, within seven days:\n\n%(link)s\n\n"
                "Later you sign in with this e-mail address at %(later)s; there is no password.\n"
            ),
        )  # fmt: skip
