import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.batch import Batch
from niaga.core.errors import NotFound
from niaga.organization.access import Actor, access_of
from niaga.organization.models import BankAccount
from niaga.organization.services.check_values import BadValue, checked_profile
from niaga.organization.services.tracked import add_row, change_row, write

_NUMBER = re.compile(r"[0-9][0-9 .-]{3,38}")


@transaction.atomic
def keep_bank_account(
    *, company_id: UUID, account_id: UUID | None = None, by: Actor, at: datetime, **values: Any
) -> UUID:
    """Add a bank account (without `account_id`) or change one. Archive it with `archived_at`. Returns its id.

    :raises Forbidden: `by` may not manage settings
    :raises BadValue: a number or currency that cannot be right
    :raises ValueNeeded: the bank, the number or the holder is missing
    :raises NotFound: the account is not this company's
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    if "number" in values and values["number"].strip() and not _NUMBER.fullmatch(values["number"].strip()):
        raise BadValue(_("An account number is made of digits."), field="number")
    checked = checked_profile(values)
    batch = Batch()
    shared: dict[str, Any] = {"kind": "bank_account", "by": by.id, "at": at, "company_id": company_id}
    if account_id is None:
        needed = {"bank": "", "number": "", "holder": ""}
        row = {"company_id": company_id, **needed, **checked}
        account_id = add_row(batch=batch, model=BankAccount, values=row, **shared)
    else:
        account = BankAccount.objects.select_for_update().filter(pk=account_id, company_id=company_id).first()
        if account is None:
            raise NotFound()
        change_row(batch=batch, row=account, values=checked, **shared)
    write(batch)
    return account_id
