"""The company's own vehicles: who drives, and the round of the day, say where the goods are."""

from niaga.shipping.rules.carriers.own import answers, calls, hooks
from niaga.shipping.rules.carriers.shape import Carrier

CARRIER = Carrier(
    code="own", speaks=False, rates=calls.rates, rated=answers.rated, book=calls.book, booked=answers.booked,
    find=calls.find, found=answers.found, label=calls.label, track=calls.track, tracked=answers.tracked,
    is_signed=hooks.is_signed, event_key=hooks.event_key, told=hooks.told,
)  # fmt: skip
