"""A carrier that is spoken to over HTTP: rates, booking with pick-up, label and tracking, in one plain shape."""

from niaga.shipping.rules.carriers.rest import answers, calls, hooks
from niaga.shipping.rules.carriers.shape import Carrier

CARRIER = Carrier(
    code="rest", speaks=True, rates=calls.rates, rated=answers.rated, book=calls.book, booked=answers.booked,
    find=calls.find, found=answers.found, label=calls.label, track=calls.track, tracked=answers.tracked,
    is_signed=hooks.is_signed, event_key=hooks.event_key, told=hooks.told,
)  # fmt: skip
