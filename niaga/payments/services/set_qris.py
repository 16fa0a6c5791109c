from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.organization.access import Actor, access_of
from niaga.organization.services.tracked import add_row, change_row, write
from niaga.payments.errors import BadQrisText
from niaga.payments.models import CompanyQris
from niaga.payments.rules.qris import BadQris, read_qris

WHY = {
    "checksum": _("The code is damaged: its checksum does not fit. Copy all of it, without changes."),
    "currency": _("This code is not for rupiah."),
    "country": _("This is no Indonesian merchant's code."),
}


@transaction.atomic
def set_qris(*, company_id: UUID, text: str, by: Actor, at: datetime) -> CompanyQris | None:
    """Keep the company's static QRIS code; an empty text takes it away.

    :raises Forbidden: `by` may not manage settings
    :raises BadQrisText: it is no code, damaged, or not for rupiah
    """
    access_of(by).require("setting", "manage", company_id=company_id)
    found = CompanyQris.objects.select_for_update().filter(company_id=company_id).first()
    batch = Batch()
    shared: dict[str, Any] = {"kind": "qris", "by": by.id, "at": at, "company_id": company_id}
    if not text.strip():
        if found is not None:
            record(batch=batch, subject_kind="qris", subject_id=found.id, verb="remove", by=by.id, at=at,
                   company_id=company_id, data={"before": {"text": found.text}})  # fmt: skip
            batch.write()
            found.delete()
        return None
    try:
        code = read_qris(text)
    except BadQris as error:
        raise BadQrisText(WHY.get(error.code), field="text") from error
    values = {"text": text.strip(), "merchant": code.merchant}
    if found is None:
        add_row(batch=batch, model=CompanyQris, values={"company_id": company_id, **values}, **shared)
    else:
        change_row(batch=batch, row=found, values=values, **shared)
    write(batch)
    return CompanyQris.objects.get(company_id=company_id)
