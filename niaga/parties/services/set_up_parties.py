from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from niaga.core.batch import Batch
from niaga.core.ids import new_id
from niaga.organization.queries.company_basics import company_basics
from niaga.parties.models import CustomerGroup, PaymentTerm, TermPart
from niaga.parties.rules.terms import Part

_ALL = Decimal(100)
_HALF = Decimal(50)


@transaction.atomic
def set_up_parties(*, company_id: UUID) -> None:
    """What a new company starts with: the usual payment terms and customer groups, named in its language.

    A company that has terms already is left as it is.
    """
    if PaymentTerm.objects.filter(company_id=company_id).exists():
        return
    company = company_basics(company_id)
    with override(company.language or "id"):
        terms: list[tuple[str, str, list[Part]]] = [
            ("CASH", _("Cash"), [Part(_ALL)]),
            ("NET7", _("7 days"), [Part(_ALL, 7)]),
            ("NET14", _("14 days"), [Part(_ALL, 14)]),
            ("NET30", _("30 days"), [Part(_ALL, 30)]),
            ("EOM10", _("10 days after the end of the month"), [Part(_ALL, 10, True)]),
            ("HALF", _("50 % at once, 50 % after 30 days"), [Part(_HALF), Part(_HALF, 30)]),
        ]
        groups = [
            ("RETAIL", _("Retail")),
            ("WHOLESALE", _("Wholesale")),
            ("MODERN", _("Modern trade")),
            ("HORECA", _("Hotels, restaurants, cafés")),
        ]
    batch = Batch()
    ids = {code: new_id() for code, _name, _parts in terms}
    batch.insert(
        PaymentTerm, [{"id": ids[code], "code": code, "name": name} for code, name, _parts in terms],
        company_id=company_id,
    )  # fmt: skip
    batch.insert(
        TermPart,
        [
            {"term_id": ids[code], "position": n, **part._asdict()}
            for code, _name, parts in terms
            for n, part in enumerate(parts, start=1)
        ],
    )
    batch.insert(CustomerGroup, [{"code": code, "name": name} for code, name in groups], company_id=company_id)
    batch.write()
