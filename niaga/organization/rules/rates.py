"""What a rate of a currency can be. Pure."""

from decimal import Decimal

DIGITS = 10
MOST_RATE = Decimal(10) ** 9
FAR = 10
"""So many times more or less than the currency's last rate is a mark in the wrong place: 16.450 read as sixteen."""
