"""What returns does when something happened elsewhere."""

from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.returns.services.decide_as_approved import decide_as_approved
from niaga.returns.services.send_return_slip import mail_return_slip
from niaga.returns.services.set_up_returns import set_up_returns


@app.task(queue="events")
def company_created(event: dict[str, Any]) -> None:
    """Give a new company its reasons, unless it has some."""
    set_up_returns(company_id=UUID(event["subject_id"]))


@app.task(queue="events")
def return_authorized(event: dict[str, Any]) -> None:
    """Mail the slip that goes along with the goods."""
    mail_return_slip(return_id=UUID(event["subject_id"]), at=clock.now())


@app.task(queue="events")
def approval_moved(event: dict[str, Any]) -> None:
    """A return without a document is let by, or rejected, as those decided who were asked."""
    if event["payload"]["about_kind"] == "return" and event["payload"]["status"] in ("approved", "rejected"):
        decide_as_approved(request_id=UUID(event["subject_id"]), at=clock.now())
