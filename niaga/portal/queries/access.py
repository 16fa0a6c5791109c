"""Who has access to which customer's pages, and who looked: for the office."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When

from niaga.core.errors import NotFound
from niaga.messaging.queries.messages import states_of
from niaga.organization.access import Actor, access_of
from niaga.parties.queries.customer_lists import contacts_of
from niaga.portal.models import PortalAccess, PortalSession, PortalSettings, PortalTicket, PortalVisit
from niaga.portal.queries.visitors import valid_accesses

ADDRESS = Case(When(person__email="", then="person__phone"), default=F("person__email"), output_field=CharField())


def contact_of(*, customer_id: UUID, contact_id: UUID) -> tuple[str, str, str] | None:
    """Name, mail address and number of a contact of the customer; None: no such contact."""
    return contacts_of(customer_id).filter(pk=contact_id).values_list("name", "email", "phone").first()


def visible_accesses(*, by: Actor) -> QuerySet[PortalAccess]:
    """Of customers that the person may see portals of, those taken back too."""
    seen = access_of(by).filter(
        "portal", branch="customer__branch_id", salesperson="customer__salesperson_id"
    )  # fmt: skip
    return PortalAccess.objects.filter(seen).select_related("customer", "person", "contact")


def listed_accesses(*, by: Actor) -> QuerySet[Any]:
    """With when they were last here (`last_seen`), and whether the access `holds`."""
    last = PortalSession.objects.filter(person_id=OuterRef("person_id")).order_by().values("person_id")
    rows: QuerySet[Any] = visible_accesses(by=by).annotate(
        last_seen=Subquery(last.annotate(last=Max("seen_at")).values("last")),
        holds=Exists(valid_accesses().filter(pk=OuterRef("pk"))),
    )
    return rows


def _at(text: str) -> Q:
    return Q(person__email__icontains=text) | Q(person__phone__icontains=text)


def matching_accesses(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(customer__name__icontains=text) | Q(name__icontains=text) | _at(text))


def get_access(*, access_id: UUID, by: Actor) -> Any:
    """:raises NotFound: none, or none that `by` may see"""
    found = listed_accesses(by=by).filter(pk=access_id).first()
    if found is None:
        raise NotFound()
    return found


def visits_of(*, customer_id: UUID) -> list[Any]:
    """Who looked at what of a customer, the latest first; the caller has checked access."""
    rows = PortalVisit.objects.filter(customer_id=customer_id).order_by("-at", "-id")
    names = _names(person_id=OuterRef("person_id"), customer_id=customer_id)
    return list(rows.values("at", "page", "subject_id", name=Subquery(names[:1]), address=ADDRESS)[:50])


def last_messages(person_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """By person the last WhatsApp message that bore them a link, and how it stands; the caller has checked access."""
    tickets = PortalTicket.objects.filter(person_id__in=list(person_ids)).exclude(whatsapp_id=None)
    last = dict(tickets.order_by("person_id", "-created_at", "-id").distinct("person_id")
                .values_list("person_id", "whatsapp_id"))  # fmt: skip
    states = states_of(emails=[], whatsapp=[key for key in last.values() if key])
    return {person: (key, states[key]) for person, key in last.items() if key in states}


def called(*, person_id: UUID, customer_id: UUID) -> str:
    """The person's name as the customer's company wrote it down last; empty: it wrote none."""
    return _names(person_id=person_id, customer_id=customer_id).first() or ""


def mail_of(*, person_id: UUID, customer_id: UUID) -> str:
    """Where who signs in with a number reads mail: at their contact's address, else at the customer's."""
    rows = PortalAccess.objects.filter(person_id=person_id, customer_id=customer_id).order_by("-invited_at", "-id")
    found = rows.values_list("contact__email", "customer__email").first()
    return (found[0] or found[1]) if found else ""


def _names(*, person_id: UUID | OuterRef, customer_id: UUID) -> QuerySet[PortalAccess, str]:
    accesses = PortalAccess.objects.filter(person_id=person_id, customer_id=customer_id)
    return accesses.order_by("-invited_at", "-id").values_list("name", flat=True)


def portal_settings(company_id: UUID) -> PortalSettings:
    """As they were saved, else the defaults, unsaved."""
    return PortalSettings.objects.filter(company_id=company_id).first() or PortalSettings(company_id=company_id)
