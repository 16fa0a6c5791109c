"""Offers, promises and pro-formas to try a template on."""

from niaga.documents.queries.find_papers import find_papers
from niaga.documents.registry import PaperChoice
from niaga.organization.access import Actor
from niaga.sales.queries.documents import visible_orders, visible_quotations
from niaga.sales.queries.pro_formas import visible_pro_formas


def trial_quotations(*, text: str, by: Actor) -> list[PaperChoice]:
    return find_papers(visible_quotations(by=by), text=text)


def trial_orders(*, text: str, by: Actor) -> list[PaperChoice]:
    return find_papers(visible_orders(by=by), text=text)


def trial_pro_formas(*, text: str, by: Actor) -> list[PaperChoice]:
    return find_papers(visible_pro_formas(by=by), text=text, party="order__customer__name")
