"""Carriers by their code. Another one is a folder of the same shape, and a line here."""

from collections.abc import Mapping

from niaga.shipping.rules.carriers import by_hand, own, rest
from niaga.shipping.rules.carriers.shape import Carrier

CARRIERS: Mapping[str, Carrier] = {one.code: one for one in (own.CARRIER, by_hand.CARRIER, rest.CARRIER)}
