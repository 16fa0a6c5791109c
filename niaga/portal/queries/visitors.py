"""Who stands behind a device of the portal, and for whom they may look."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower

from niaga.organization.access import System, system_in
from niaga.portal.models import PortalAccess, PortalSession
from niaga.portal.services.secrets import hash_of

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer that a person may look at."""

    access_id: UUID
    customer_id: UUID
    company_id: UUID
    customer: str
    company: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person of a customer, never an office account. Everything they see is of `customer_id` alone."""

    session_id: UUID
    person_id: UUID
    address: str
    name: str
    language: str
    currency: str
    zone: str
    seen_at: datetime
    here: Standing
    others: tuple[Standing, ...]

    @property
    def customer_id(self) -> UUID:
        return self.here.customer_id

    @property
    def company_id(self) -> UUID:
        return self.here.company_id

    @property
    def actor(self) -> System:
        """Who their deeds are done by: the system, in their company only. Each deed narrows to the customer itself."""
        return system_in(self.here.company_id)


def valid_accesses() -> QuerySet[PortalAccess]:
    """Those that hold: not taken back, the address still the contact's or the customer's, the portal open."""
    mailed, called = ~Q(person__email=""), ~Q(person__phone="")
    own = mailed & Q(person__email=Lower("customer__email")) | called & Q(person__phone=F("customer__phone"))
    theirs = mailed & Q(person__email=Lower("contact__email")) | called & Q(person__phone=F("contact__phone"))
    named = Q(contact=None) & own | Q(contact__archived_at=None) & theirs
    is_open = Q(company__portalsettings=None) | Q(company__portalsettings__is_open=True)
    return PortalAccess.objects.filter(
        named, is_open, revoked_at=None, customer__archived_at=None, company__archived_at=None
    )


def find_visitor(*, token: str, at: datetime) -> Visitor | None:
    """The person behind a device's token with the customer last chosen. One statement; None: nobody, or nothing left
    to look at."""
    if not _TOKEN.fullmatch(token):
        return None
    sessions = PortalSession.objects.filter(
        token_hash=hash_of(token), ended_at=None, expires_at__gt=at, person__accesses__in=valid_accesses()
    )
    rows = list(
        sessions.order_by("person__accesses__customer__name", "person__accesses__id").values(
            "id", "access_id", "seen_at", "person_id", "person__email", "person__phone", "person__language",
            called=F("person__accesses__name"), one=F("person__accesses__id"),
            customer_id=F("person__accesses__customer_id"),
            company_id=F("person__accesses__company_id"), customer=F("person__accesses__customer__name"),
            company=F("person__accesses__company__name"), currency=F("person__accesses__company__currency"),
            zone=F("person__accesses__company__zone"), language=F("person__accesses__customer__language"),
        )
    )  # fmt: skip
    if not rows:
        return None
    chosen = next((row for row in rows if row["one"] == row["access_id"]), rows[0])
    standings = {
        row["one"]: Standing(row["one"], row["customer_id"], row["company_id"], row["customer"], row["company"])
        for row in rows
    }
    here = standings.pop(chosen["one"])
    address = chosen["person__email"] or chosen["person__phone"]
    return Visitor(
        chosen["id"], chosen["person_id"], address, chosen["called"] or address,
        chosen["person__language"] or chosen["language"], chosen["currency"], chosen["zone"], chosen["seen_at"], here,
        tuple(standings.values()),
    )  # fmt: skip


def visitor_of_access(*, access_id: UUID, key: UUID, at: datetime) -> Visitor | None:
    """Who an access is of, for its customer alone; `key` stands for what they came by. None: it holds no more."""
    one = valid_accesses().select_related("person", "customer", "company").filter(pk=access_id).first()
    if one is None:
        return None
    here = Standing(one.pk, one.customer_id, one.company_id, one.customer.name, one.company.name)
    language = one.person.language or one.customer.language
    return Visitor(
        key, one.person_id, one.person.address, one.name or one.person.address, language, one.company.currency,
        one.company.zone, at, here, (),
    )  # fmt: skip
