from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.core.errors import Invalid
from niaga.organization.access import Actor, access_of
from niaga.organization.models import Company
from niaga.organization.services.check_rates import is_foreign
from niaga.organization.services.tracked import change_row, write

MOST_DAYS = 366


@transaction.atomic
def choose_currencies(
    *, company_id: UUID, currencies: Sequence[str], rate_days: int, by: Actor, at: datetime
) -> Company:
    """Say which currencies the company sells in besides its own, and how old an exchange rate may be.

    Documents that are there keep theirs.

    :raises Forbidden: the person may not manage settings
    :raises Invalid: no such currency, one named twice, or a number of days that makes no sense
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    company = Company.objects.select_for_update().get(pk=company_id)
    others = [code.strip().upper() for code in currencies if code.strip()]
    for code in others:
        if not is_foreign(code, company.currency):
            text = _("“%(text)s” is no foreign currency; write its three letters, such as USD.")
            raise Invalid(text % {"text": code[:12]}, field="currencies")
        if others.count(code) > 1:
            raise Invalid(_("This currency is named twice."), field="currencies")
    if not 0 <= rate_days <= MOST_DAYS:
        raise Invalid(_("A rate may be 0 to %(most)d days old.") % {"most": MOST_DAYS}, field="rate_days")
    batch = Batch()
    change_row(
        batch=batch, row=company, kind="company", values={"other_currencies": others, "rate_days": rate_days},
        by=by.id, at=at, company_id=company_id,
    )  # fmt: skip
    write(batch)
    return company
