from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niaga.core.audit import record
from niaga.core.batch import Batch
from niaga.core.errors import Invalid, NotFound
from niaga.core.ids import new_id
from niaga.organization.access import Actor, access_of
from niaga.sales.models import Quotation, QuotationTemplate
from niaga.sales.rules.lines import as_json
from niaga.sales.services.duplicate_quotation import lines_again


@transaction.atomic
def save_template(*, quotation_id: UUID, name: str, by: Actor, at: datetime) -> UUID:
    """Keep a quotation's sections, lines and texts under a name; prices are counted afresh when it is used.

    A template of the same name is replaced. Returns its id.

    :raises NotFound: no such quotation
    :raises Forbidden: the person may not write quotations
    :raises Invalid: no name
    """
    quotation = Quotation.objects.filter(pk=quotation_id).first()
    if quotation is None:
        raise NotFound()
    access_of(by).require("quotation", "view", quotation)
    access_of(by).require("quotation", "create", company_id=quotation.company_id)
    name = name.strip()[:120]
    if not name:
        raise Invalid(_("Give the template a name."), field="name")
    values = {
        "lines": [as_json(line) for line in lines_again(quotation_id=quotation.id)], "note": quotation.note,
        "terms_text": quotation.terms_text,
        "valid_days": max(0, min(365, (quotation.valid_until - quotation.date).days)),
    }  # fmt: skip
    batch = Batch()
    known = (
        QuotationTemplate.objects.select_for_update()
        .filter(company_id=quotation.company_id, name=name, archived_at=None)
        .values_list("id", flat=True)
        .first()
    )
    template_id = known or new_id()
    if known is None:
        row = {
            "id": template_id,
            "company_id": quotation.company_id,
            "name": name,
            "created_by": by.id,
            "created_at": at,
        }
        batch.insert(QuotationTemplate, [{**row, **values}])
    else:
        batch.update(QuotationTemplate, where={"id": known}, values=values)
    record(
        batch=batch, subject_kind="quotation_template", subject_id=template_id, verb="save", by=by.id, at=at,
        company_id=quotation.company_id, note=name, data={"quotation": quotation.number},
    )  # fmt: skip
    batch.write()
    return template_id
