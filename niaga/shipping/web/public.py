"""The customer's own page of a delivery, `/l/<token>`: where the goods are, and who took them."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation

from niaga.core.clock import now
from niaga.core.clock import today as day_at
from niaga.core.errors import NotFound
from niaga.documents.queries.company_print import company_print
from niaga.documents.queries.public_look import public_look
from niaga.documents.queries.thumbnails import thumbnail_of
from niaga.documents.registry import OpenedLink
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.services.print_paper import LANGUAGES
from niaga.documents.web.serving import serve_file
from niaga.shipping.queries.tracking import tracking_of
from niaga.shipping.web.words import TO_CUSTOMER, why


def tracking_page(request: HttpRequest, link: OpenedLink, rest: str) -> HttpResponseBase:
    """The page, its part that renews itself (`rest` is `state`), or the photo of the arrival.

    :raises NotFound: nothing is there
    """
    if rest not in ("", "state", "photo"):
        raise NotFound()
    found = tracking_of(link.subject_id)
    if rest == "photo":
        if found.photo is None:
            raise NotFound()
        small = thumbnail_of(found.photo.file, wide=True)
        return serve_file(request, sha256=small.sha256, media_type=small.media_type, name=found.photo.name, inline=True)
    delivery = found.delivery
    today = day_at(at=now(), zone=delivery.company.zone)
    sender = company_print(company_id=delivery.company_id, currency=delivery.company.currency)
    chosen = request.COOKIES.get("niaga_language", "")
    language = chosen if chosen in LANGUAGES else delivery.customer.language or sender.language
    with translation.override(language):
        context = {
            "found": found, "delivery": delivery, "sender": sender, "state": TO_CUSTOMER[found.now],
            "steps": [
                {"step": one, "shown": TO_CUSTOMER[one.name], "words": why(one.words) if one.words else ""}
                for one in found.steps
            ],
            "expected": found.expected_date if found.expected_date and found.expected_date >= today else None,
            "moving": found.now not in ("delivered", "cancelled"), "address": f"/l/{link.token}",
            "look": public_look(
                PrintKind.DELIVERY_NOTE, company_id=delivery.company_id, customer_id=delivery.customer_id,
                branch_id=delivery.branch_id, channel_id=None, logo=sender.logo,
            ),
        }  # fmt: skip
        template = "shipping/parts/tracking_state.html" if rest else "shipping/public_tracking.html"
        answer: HttpResponse = render(request, template, context)
        answer["Content-Language"] = language
    return answer
