"""What a customer sent with a form of the portal: read, never trusted."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from niaga.core.errors import Invalid
from niaga.documents.services.store_file import Readable
from niaga.ui import formatting


def files(request: HttpRequest) -> list[tuple[str, Readable]]:
    return [(sent.name or "", sent) for sent in request.FILES.getlist("files")]


def amount(request: HttpRequest, name: str = "amount") -> Decimal | None:
    """:raises Invalid: it is no number"""
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        return formatting.parse_number(text[:40])
    except ValueError as error:
        raise Invalid(_("“%(text)s” is no number.") % {"text": text[:40]}, field=name) from error


def day(request: HttpRequest, name: str) -> date:
    """:raises Invalid: it is no day"""
    try:
        found = parse_date(request.POST.get(name, ""))
    except ValueError:
        found = None
    if found is None:
        raise Invalid(_("Give a day."), field=name)
    return found


def key(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
