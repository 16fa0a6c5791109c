from ninja import Schema
from pydantic import Field


class StampIn(Schema):
    """The serial number of an e-meterai."""

    serial: str = Field(min_length=8, max_length=60)
