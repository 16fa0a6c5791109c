"""A courier whose name, service, number and cost are typed in; its page is found by the number."""

from niaga.shipping.rules.carriers.by_hand import answers, calls, hooks
from niaga.shipping.rules.carriers.shape import Carrier

CARRIER = Carrier(
    code="by_hand", speaks=False, rates=calls.rates, rated=answers.rated, book=calls.book, booked=answers.booked,
    find=calls.find, found=answers.found, label=calls.label, track=calls.track, tracked=answers.tracked,
    is_signed=hooks.is_signed, event_key=hooks.event_key, told=hooks.told,
)  # fmt: skip
