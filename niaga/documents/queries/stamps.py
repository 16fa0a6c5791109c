"""Which documents bear stamp duty (bea meterai), and the e-meterai that was put on them."""

from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from niaga.documents.models import AffixedStamp
from niaga.organization.queries.fiscal import duty_of

_MONEY = DecimalField(max_digits=19, decimal_places=4)


def with_stamp(rows: QuerySet[Any], *, stated: Any, binding: Q) -> QuerySet[Any]:
    """Annotates documents that have `company_id`, `date` and `stamp_duty` with `duty`, `stamp_serial` and
    `stamp_state`: `none`, `due` or `affixed`. Only those that are `binding` bear any.

    The duty is what the document froze. One from before froze none: it is figured by what held on its day, and by
    `stated`, an expression of the money that it states, in the company's own currency.
    """
    serial = AffixedStamp.objects.filter(subject_id=OuterRef("pk")).values("serial")[:1]
    figured = duty_of(company="company_id", day="date", stated="stamp_stated")
    found: QuerySet[Any] = (
        rows.annotate(
            stamp_stated=Case(
                When(binding & Q(stamp_duty__isnull=True), then=stated),
                default=Value(Decimal(0)),
                output_field=_MONEY,
            )
        )
        .annotate(
            duty=Case(
                When(~binding, then=Value(Decimal(0))),
                When(stamp_duty__isnull=False, then=F("stamp_duty")),
                default=figured,
                output_field=_MONEY,
            ),
            stamp_serial=Coalesce(Subquery(serial), Value(""), output_field=CharField()),
        )
        .annotate(
            stamp_state=Case(
                When(duty=0, then=Value("none")),
                When(stamp_serial="", then=Value("due")),
                default=Value("affixed"),
                output_field=CharField(),
            )
        )
    )
    return found
