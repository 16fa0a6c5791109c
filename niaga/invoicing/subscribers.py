"""What invoicing does in the wake of its own deeds."""

from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from niaga.core import clock
from niaga.documents.services.print_paper import print_paper
from niaga.invoicing.services.send_correction import send_correction
from niaga.organization.access import SYSTEM


@app.task(queue="events")
def invoice_issued(event: dict[str, Any]) -> None:
    """Print the invoice once; its bytes are kept for good."""
    print_paper(kind="invoice", subject_id=UUID(event["subject_id"]), by=SYSTEM, at=clock.now())


@app.task(queue="events")
def invoice_corrected(event: dict[str, Any]) -> None:
    """Mail both papers to who was named, once."""
    send_correction(correction_id=UUID(event["correction_id"]), by=SYSTEM, at=clock.now())
