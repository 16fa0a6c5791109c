from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_noop

from niaga.core.batch import Batch
from niaga.core.clock import today
from niaga.core.ids import new_id
from niaga.core.outbox import announce
from niaga.organization.access import Actor, access_of
from niaga.organization.events import CompanyCreated
from niaga.organization.models import Branch, Channel, Company, FiscalSetting, Grant, Role
from niaga.organization.rules.roles import STANDARD_ROLES
from niaga.organization.rules.stamp_duty import duty_by_law
from niaga.organization.services.check_values import checked_profile
from niaga.organization.services.tracked import add_row, write

CHANNELS = (
    ("SALES", gettext_noop("Sales team")),
    ("STORE", gettext_noop("Store")),
    ("WEB", gettext_noop("Web shop")),
    ("PHONE", gettext_noop("Telesales")),
)


@transaction.atomic
def create_company(
    *,
    code: str,
    name: str,
    currency: str = "IDR",
    zone: str = "Asia/Jakarta",
    language: str = "id",
    head_code: str = "HO",
    head_name: str = "",
    valid_from: date | None = None,
    charges_tax: bool = True,
    prices_include_tax: bool = False,
    round_total_to: Decimal = Decimal(0),
    fiscal_year_starts: int = 1,
    by: Actor,
    at: datetime,
    **profile: Any,
) -> Company:
    """Set a company up: profile, head office, standard roles with their grants, fiscal setting, sales channels.

    `profile` are further columns of the company (address, NPWP, phone). `valid_from` defaults to the first of January
    two years ago, so that documents of the past find a fiscal setting. Books, units and warehouses are opened by their
    own apps, told by `CompanyCreated`.

    :raises Forbidden: there are companies already, and `by` may not manage settings
    :raises AlreadyTaken: the code is another company's
    :raises BadValue: a currency, time zone or tax number that cannot be right
    """
    if Company.objects.exists():
        access_of(by).require("setting", "manage")
    facts = checked_profile(
        {"code": code, "name": name, "currency": currency, "language": language, "zone": zone, **profile}
    )
    company_id = new_id()
    day = today(at=at, zone=zone)
    duty, duty_above = duty_by_law(country=facts.get("country", "ID"), currency=facts["currency"], on=day)
    batch = Batch()
    shared: dict[str, Any] = {"batch": batch, "by": by.id, "at": at, "company_id": company_id}
    add_row(model=Company, kind="company", values={"id": company_id, "created_at": at, **facts}, **shared)
    add_row(
        model=Branch,
        kind="branch",
        values={
            "company_id": company_id,
            "code": head_code,
            "name": head_name or name,
            "is_head": True,
            "zone": zone,
            "nitku": facts.get("nitku", ""),
            "street": facts.get("street", ""),
            "city": facts.get("city", ""),
            "phone": facts.get("phone", ""),
        },
        **shared,
    )
    add_row(
        model=FiscalSetting,
        kind="fiscal_setting",
        values={
            "company_id": company_id,
            "valid_from": valid_from or date(day.year - 2, 1, 1),
            "charges_tax": charges_tax,
            "prices_include_tax": prices_include_tax,
            "round_total_to": round_total_to,
            "fiscal_year_starts": fiscal_year_starts,
            "stamp_duty": duty,
            "stamp_duty_above": duty_above,
        },
        **shared,
    )
    with translation.override(language):
        channels = [{"code": channel, "name": translation.gettext(title)} for channel, title in CHANNELS]
    roles = {role.code: new_id() for role in STANDARD_ROLES.values()}
    batch.insert(
        Role,
        [{"id": roles[role.code], "code": role.code, "name": role.name} for role in STANDARD_ROLES.values()],
        company_id=company_id,
    )
    batch.insert(
        Grant,
        [
            {"role_id": roles[role.code], "kind": kind, "action": action, "scope": reach.value}
            for role in STANDARD_ROLES.values()
            for (kind, action), reach in role.grants.items()
        ],
    )
    batch.insert(Channel, channels, company_id=company_id)
    announce(
        batch=batch,
        event=CompanyCreated(subject_id=company_id, code=facts["code"], currency=facts["currency"]),
        company_id=company_id,
        by=by.id,
        at=at,
    )
    write(batch, unique={"organization_company_code": "code"})
    return Company.objects.get(pk=company_id)
