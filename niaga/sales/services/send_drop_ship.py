from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from niaga.core.batch import Batch
from niaga.core.flow import check_move, move
from niaga.core.rules.formatting import format_long_date
from niaga.documents.services.print_paper import print_paper
from niaga.messaging.services.dress_text import dress_text
from niaga.messaging.services.queue_email import FileToSend, queue_email
from niaga.organization.access import SYSTEM, Actor, access_of
from niaga.sales.models import DropShip
from niaga.sales.queries.drop_ships import get_drop_ship, lock_drop_ship
from niaga.sales.rules.drop_ship import drop_ship_flow
from niaga.sales.services.lock_drop_order import lock_drop_order


@transaction.atomic
def send_drop_ship(
    *, drop_ship_id: UUID, to: Sequence[str] = (), message: str = "", by: Actor, at: datetime
) -> DropShip:
    """Mail the request with its paper to the supplier; without an address it was handed over otherwise.

    :raises NotFound: no such request
    :raises Forbidden: the person may not send it
    :raises WrongState: the supplier confirmed it already, everything was sent, or it was cancelled
    :raises Invalid: an address that mail cannot go to
    """
    lock_drop_order(drop_ship_id)
    drop, _lines = lock_drop_ship(drop_ship_id)
    access_of(by).require("delivery", "send", drop)
    check_move(drop_ship_flow, "send", drop.status)
    batch = Batch()
    if to:
        _mail(batch, get_drop_ship(drop_ship_id=drop_ship_id, by=SYSTEM), to, message.strip(), by, at)
    move(
        batch=batch, flow=drop_ship_flow, document=drop, move="send", by=by.id, at=at, values={"sent_at": at},
        data={"to": list(to)},
    )  # fmt: skip
    batch.write()
    return drop


def _mail(batch: Batch, drop: DropShip, to: Sequence[str], message: str, by: Actor, at: datetime) -> None:
    company = drop.company.legal_name or drop.company.name
    paper = print_paper(kind="drop_ship", subject_id=drop.id, by=SYSTEM, at=at, language=drop.supplier.language)
    with translation.override(drop.supplier.language):
        facts = {
            "number": drop.number, "company": company, "supplier": drop.supplier.contact or drop.supplier.name,
            "day": format_long_date(drop.promised_date, drop.supplier.language),
        }  # fmt: skip
        words = message or _(
            "Dear %(supplier)s,\n\nPlease send the goods of %(number)s straight to our customer; the attached paper has"
            " the address. We count on %(day)s. Please answer when you send, and with which carrier."
        )
        text = f"{message or words % facts}\n\n{company}"
        queue_email(
            batch=batch, company_id=drop.company_id, to=list(to), text=text,
            subject=_("Request %(number)s from %(company)s") % facts,
            html=dress_text(text, company=company, base_url=settings.BASE_URL),
            reply_to=drop.order.salesperson.email if drop.order.salesperson else "",
            files=[FileToSend(paper.name, "application/pdf", paper.content)], subject_kind="drop_ship",
            subject_id=drop.id, by=by.id, at=at,
        )  # fmt: skip


@transaction.atomic
def send_at_once(*, drop_ship_id: UUID, at: datetime) -> bool:
    """Mail a request that is drawn up, where its supplier wants it so. Told twice, or beside a person, it mails once:
    whether it is still to be sent is read behind the order's lock."""
    lock_drop_order(drop_ship_id)
    drop = get_drop_ship(drop_ship_id=drop_ship_id, by=SYSTEM)
    if drop.status != "asked" or not drop.supplier.mails_at_once or not drop.supplier.email:
        return False
    send_drop_ship(drop_ship_id=drop_ship_id, to=[drop.supplier.email], by=SYSTEM, at=at)
    return True
