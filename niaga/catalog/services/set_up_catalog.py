from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from niaga.catalog.models import TaxCategory, TaxRate, Unit
from niaga.catalog.rules.tax_rates import ELSEWHERE, INDONESIA
from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.organization.queries.company_basics import company_basics


@transaction.atomic
def set_up_catalog(*, company_id: UUID) -> None:
    """What a new company starts with: the usual units, and the tax categories of its country with their rates.

    A company that has units already is left as it is.
    """
    if Unit.objects.filter(company_id=company_id).exists():
        return
    company = company_basics(company_id)
    rates = INDONESIA if company.country == "ID" else ELSEWHERE
    with override(company.language or "id"):
        units = [
            {"code": "pcs", "name": _("Piece"), "digits": 0, "coretax_code": "UM.0021"},
            {"code": "box", "name": _("Box"), "digits": 0, "coretax_code": "UM.0018"},
            {"code": "kg", "name": _("Kilogram"), "digits": 3, "coretax_code": "UM.0003"},
        ]
        names = {
            "general": _("General goods and services"),
            "luxury": _("Luxury goods"),
            "exempt": _("Exempt from VAT"),
            "not_collected": _("VAT not collected"),
        }
        categories = [{"id": new_id(), "code": code, "name": str(names[code])} for code in rates]
    batch = Batch()
    batch.insert(Unit, units, company_id=company_id)
    batch.insert(TaxCategory, categories, company_id=company_id)
    batch.insert(
        TaxRate,
        [{"category_id": row["id"], **rate._asdict()} for row in categories for rate in rates[str(row["code"])]],
    )
    batch.write()
