"""Nobody is asked: the shipment is booked by writing it down."""

from niaga.shipping.rules.carriers.shape import nobody

rates = book = find = label = track = nobody
