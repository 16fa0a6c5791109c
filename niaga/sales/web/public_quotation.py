"""The customer's own page of a quotation, `/l/<token>`: look, choose, accept with a signature, or decline."""

import base64
import binascii
from datetime import date
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy

from niaga.catalog.queries.product_pictures import main_pictures
from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.core.errors import Invalid, NotFound, Refusal
from niaga.core.rules.tax_name import tax_name
from niaga.documents.queries.attachments import Picture, content_of
from niaga.documents.queries.public_look import public_look
from niaga.documents.queries.thumbnails import thumbnail_of
from niaga.documents.registry import OpenedLink
from niaga.documents.rules.link_previews import is_preview
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.services.print_paper import print_paper
from niaga.documents.web.public import address_of
from niaga.documents.web.serving import serve_file
from niaga.organization.access import SYSTEM
from niaga.organization.queries.companies import CompanyProfile, company_profile
from niaga.sales.models import Quotation, QuotationLine
from niaga.sales.queries.documents import get_answer, get_quotation_page
from niaga.sales.queries.lines import remarks_of, shown_quotation_lines, tax_rows
from niaga.sales.services.answer_by_link import answer_by_link
from niaga.sales.services.choose_options import count_choice
from niaga.sales.services.decline_quotation import decline_quotation
from niaga.sales.services.note_opening import note_opening
from niaga.sales.web.shown_lines import shown_lines
from niaga.sales.web.totals import total_rows
from niaga.sales.web.words import in_words, named_places
from niaga.ui.forms import DayField
from niaga.ui.middleware import refusal_answer

LOOKS, DEEDS, PICTURES = 90, 15, 1200
"""Requests a minute by one reader of one link."""
LARGEST_SIGNATURE = 300_000
HIDDEN = ("draft", "cancelled")
"""States in which the customer sees no lines."""


class TooOften(Refusal):
    status = 429
    code = "too_often"
    text = gettext_lazy("Too many attempts. Wait a minute, then try again.")


def quotation_page(request: HttpRequest, link: OpenedLink, rest: str) -> HttpResponseBase:
    """Answers every request below the link. The page speaks the customer's language, or the one they choose.

    :raises NotFound: nothing is there
    :raises TooOften: too many requests in a minute
    """
    _slow_down(request, link, rest)
    found = get_quotation_page(quotation_id=link.subject_id, by=SYSTEM)
    company = company_profile(found.company_id)
    chosen = request.COOKIES.get("niaga_language", "")
    language = chosen if chosen in ("id", "en") else found.customer.language or company.language or "id"
    with translation.override(language):
        if request.method == "POST":
            if rest == "totals":
                return _totals(request, found)
            if rest == "acceptance":
                return _answer(request, link, found, company, accepted=True)
            if rest == "decline":
                return _answer(request, link, found, company, accepted=False)
        elif rest == "":
            if found.status == "sent" and not is_preview(request.headers.get("User-Agent", "")):
                note_opening(
                    quotation_id=found.id, number=found.number, customer_id=found.customer_id,
                    company_id=found.company_id, at=now(),
                )  # fmt: skip
            return _show(request, link, found, company)
        elif rest == "pdf":
            printed = print_paper(kind="quotation", subject_id=found.id, by=SYSTEM, at=now(), language=language)
            answer = HttpResponse(printed.content, content_type="application/pdf")
            answer["Content-Disposition"] = content_disposition_header(False, printed.name) or "inline"
            return answer
        elif rest == "logo" and (logo := content_of(company.logo_id)):
            kind = "image/png" if logo.startswith(b"\x89PNG") else "image/jpeg"
            return HttpResponse(logo, content_type=kind)
        elif rest.startswith("pictures/"):
            return _picture(request, found, rest.removeprefix("pictures/"))
    raise NotFound()


def _slow_down(request: HttpRequest, link: OpenedLink, rest: str) -> None:
    """Pictures are counted apart: a long offer brings hundreds, and the offer itself must still open."""
    deed = request.method == "POST"
    kind = "deed" if deed else "picture" if rest.startswith("pictures/") else "look"
    key = f"link:{link.id}:{request.META.get('REMOTE_ADDR', '')}:{kind}"
    if cache.add(key, 1, 60):
        return
    try:
        times = cache.incr(key)
    except ValueError:
        return
    if times > (DEEDS if deed and not request.path.endswith("/totals") else PICTURES if kind == "picture" else LOOKS):
        raise TooOften()


def _picture(request: HttpRequest, found: Quotation, wanted: str) -> HttpResponseBase:
    """The main picture of a product that is on this quotation, small; of anything else nothing is known here.

    :raises NotFound: no such picture on this quotation, or an offer whose lines are not shown
    """
    lines = shown_quotation_lines(quotation_id=found.id) if found.status not in HIDDEN else []
    shown = next((one for one in _pictures(lines).values() if str(one.id) == wanted), None)
    if shown is None:
        raise NotFound()
    small = thumbnail_of(shown.file)
    return serve_file(request, sha256=small.sha256, media_type=small.media_type, name=shown.name, inline=True)


def _pictures(lines: list[QuotationLine]) -> dict[UUID, Picture]:
    """The main pictures of the lines' products, by product."""
    return main_pictures({line.product.pk: line.product.image_id for line in lines if line.product is not None})


def _chosen(request: HttpRequest, lines: list[QuotationLine]) -> set[UUID]:
    wanted = set(request.POST.getlist("chosen"))
    return {line.id for line in lines if line.is_optional and str(line.id) in wanted}


def _totals(request: HttpRequest, found: Quotation) -> HttpResponse:
    """The sums for a choice of options, counted here; nothing is written."""
    lines = shown_quotation_lines(quotation_id=found.id)
    totals, rows = count_choice(quotation=found, lines=lines, chosen=_chosen(request, lines))
    facts = {
        "rows": total_rows(
            {**totals, "currency": found.currency},
            tax_rows(rows),
            country=company_profile(found.company_id).country,
        ),
        "words": in_words(totals["total"], found.currency, translation.get_language() or "id"),
    }
    return render(request, "sales/parts/public_totals.html", facts)


def _answer(
    request: HttpRequest, link: OpenedLink, found: Quotation, company: CompanyProfile, *, accepted: bool
) -> HttpResponse:
    lines = shown_quotation_lines(quotation_id=found.id)
    try:
        if accepted:
            answer_by_link(
                quotation_id=found.id, name=request.POST.get("name", ""), signature=_signature(request),
                chosen=_chosen(request, lines), address=address_of(request), at=now(),
                requested_date=_wanted_day(request),
            )  # fmt: skip
        else:
            decline_quotation(
                quotation_id=found.id, reason=request.POST.get("reason", "").strip()[:1000],
                name=request.POST.get("name", "").strip()[:120], by=SYSTEM, at=now(), through_link=True,
                address=address_of(request),
            )  # fmt: skip
    except Refusal as refusal:
        if request.headers.get("HX-Request") == "true":
            return refusal_answer(refusal)  # what was typed and drawn stays on the page
        found = get_quotation_page(quotation_id=found.id, by=SYSTEM)
        return _show(request, link, found, company, refusal=refusal)
    if request.headers.get("HX-Request") == "true":
        done = HttpResponse(status=200)
        done["HX-Redirect"] = f"/l/{link.token}"
        return done
    return HttpResponseRedirect(f"/l/{link.token}")


def _days(found: Quotation) -> dict[str, date | None]:
    """The day that was asked for, and the one that is promised once the order binds."""
    order = getattr(found, "order", None)
    if order is None:
        return {"asked": found.requested_date, "promised": None}
    return {"asked": order.requested_date, "promised": order.planned_date if order.status == "confirmed" else None}


def _wanted_day(request: HttpRequest) -> date | None:
    """The day the customer wants the goods on; empty: as the offer says.

    :raises Invalid: what is typed is no day
    """
    try:
        day: date | None = DayField(required=False).clean(request.POST.get("requested_date", ""))
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="requested_date") from None
    return day


def _signature(request: HttpRequest) -> bytes:
    """The drawn picture from its data address; nothing when it is none."""
    text = request.POST.get("signature", "")
    head, _comma, body = text.partition(",")
    if head != "data:image/png;base64" or len(body) > LARGEST_SIGNATURE:
        return b""
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _show(
    request: HttpRequest, link: OpenedLink, found: Quotation, company: CompanyProfile, *, refusal: Refusal | None = None
) -> HttpResponse:
    lines = shown_quotation_lines(quotation_id=found.id)
    over = found.valid_until < day_at(at=now(), zone=found.branch.zone)
    state = "expired" if found.status == "expired" or (found.status == "sent" and over) else found.status
    wanted = _chosen(request, lines) if refusal else {line.id for line in lines if line.is_optional and line.is_chosen}
    shown = shown_lines(lines, found.currency)
    pictures = _pictures(lines)
    for line, row in zip(shown, lines, strict=True):
        line.chosen = not line.optional or line.id in wanted
        line.facts = []
        if row.product_id in pictures:
            line.picture = f"/l/{link.token}/pictures/{pictures[row.product_id].id}"
    language = translation.get_language() or "id"
    facts = {
        "quotation": found, "company": company, "lines": shown, "state": state, "link": f"/l/{link.token}",
        "rows": total_rows(found, tax_rows(lines), country=company.country),
        "remarks": remarks_of(found, lines, language=language, name=tax_name(company.country, language)),
        "options": any(line.optional for line in shown),
        "pictured": bool(pictures), "hidden": HIDDEN,
        "words": in_words(found.total, found.currency, translation.get_language() or "id"), "refusal": refusal,
        **_days(found), "today": day_at(at=now(), zone=found.branch.zone),
        "answer": get_answer(quotation_id=found.id), "typed": request.POST if refusal else {},
        "look": public_look(
            PrintKind.QUOTATION, company_id=found.company_id, customer_id=found.customer_id,
            branch_id=found.branch_id, channel_id=found.channel_id,
        ),
        "places": named_places(found), "errors": {refusal.field: refusal.message} if refusal and refusal.field else {},
    }  # fmt: skip
    answer = render(request, "sales/public_quotation.html", facts, status=refusal.status if refusal else 200)
    answer["Content-Language"] = translation.get_language() or "id"
    return answer
