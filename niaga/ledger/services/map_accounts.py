from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.ledger.models import Account, AccountRole, RoleAccount
from niaga.ledger.rules.plan import CODE, LONGEST_NAME, ChosenAccount
from niaga.organization.access import Actor, access_of


@transaction.atomic
def map_accounts(*, company_id: UUID, accounts: Mapping[str, ChosenAccount], by: Actor, at: datetime) -> None:
    """Say which account of the company's plan plays each of these roles in what is posted from now on.

    A new code is a new account; the name of a known one is put right. What was posted stays on its account. Roles that
    are not named stay as they are. The same statements for one role and for all.

    :raises Forbidden: the person may not close the books
    :raises Invalid: no such role, a code or name that cannot be, a new account without a name, one code with two names
    """
    access_of(by).require("period", "close", company_id=company_id)
    wanted = {role: chosen.tidy for role, chosen in accounts.items()}
    now = {
        one.role: one
        for one in RoleAccount.objects.select_for_update(of=("self",))
        .filter(company_id=company_id)
        .select_related("account")
        .order_by("role")
    }
    known = {one.code: one for one in Account.objects.filter(company_id=company_id).order_by("code")}
    names = _names(wanted, known)
    new = [Account(company_id=company_id, code=code, name=name) for code, name in names.items() if code not in known]
    renamed = {code: known[code].name for code, name in names.items() if code in known and known[code].name != name}
    moved = {
        role: one for role, one in wanted.items() if role not in now or now[role].account.code != one.code
    }  # fmt: skip
    if not (new or renamed or moved):
        return
    before = {role: str(now[role].account) if role in now else "" for role in moved}
    Account.objects.bulk_create(new)
    known |= {one.code: one for one in new}
    for code in renamed:
        known[code].name = names[code]
    Account.objects.bulk_update([known[code] for code in renamed], ["name"])
    for role in moved.keys() & now.keys():
        now[role].account = known[wanted[role].code]
    RoleAccount.objects.bulk_update([now[role] for role in moved.keys() & now.keys()], ["account"])
    RoleAccount.objects.bulk_create(
        RoleAccount(company_id=company_id, role=role, account=known[wanted[role].code])
        for role in moved.keys() - now.keys()
    )
    data: dict[str, Any] = {
        "roles": {role: [before[role], str(known[one.code])] for role, one in moved.items()},
        "names": {code: [was, names[code]] for code, was in renamed.items()},
    }
    batch = Batch()
    record(
        batch=batch, subject_kind="account_map", subject_id=company_id, verb="map", by=by.id, at=at,
        company_id=company_id, data=data,
    )  # fmt: skip
    batch.write()


def _names(wanted: Mapping[str, ChosenAccount], known: Mapping[str, Account]) -> dict[str, str]:
    """The name of each code that is chosen.

    :raises Invalid: names the field in error, `<role>_code` or `<role>_name`
    """
    names: dict[str, str] = {}
    for role, one in wanted.items():
        if role not in AccountRole.values:
            raise Invalid(_("There is no such role of an account: %(role)s.") % {"role": role[:40]}, field="accounts")
        if not CODE.fullmatch(one.code):
            raise Invalid(
                _("A code has 1 to 20 letters and figures, with . - / between them."), field=f"{role}_code"
            )  # fmt: skip
        if len(one.name) > LONGEST_NAME or not one.name.isprintable():
            raise Invalid(_("A name has up to %(most)d letters.") % {"most": LONGEST_NAME}, field=f"{role}_name")
        if one.name and names.setdefault(one.code, one.name) != one.name:
            raise Invalid(
                _("Account %(code)s has another name above. An account has one.") % {"code": one.code},
                field=f"{role}_name",
            )
    for role, one in wanted.items():
        if one.code not in names:
            if one.code not in known:
                raise Invalid(_("Account %(code)s is new: give it a name.") % {"code": one.code}, field=f"{role}_name")
            names[one.code] = known[one.code].name
    return names
