from datetime import date

from niaga.pricing.services._points import Posting


def welcome(posting: Posting, *, points: int, expires_on: date | None) -> None:
    """What a new member gets, once."""
    if points:
        posting.add(kind="welcome", points=points, expires_on=expires_on, subject_id=posting.account.customer_id)
