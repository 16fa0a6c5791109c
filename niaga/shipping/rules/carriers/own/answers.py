"""What nobody answers."""

from niaga.shipping.rules.carriers.shape import silent

rated = booked = found = tracked = silent
