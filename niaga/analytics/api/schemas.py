"""Figures on the wire, in the company's currency."""

import datetime as dt

from ninja import Schema

from niaga.core.api import Number


class FigureOut(Schema):
    """`month` so far, with its `number` of documents; `before`: the same days a month ago; `change` in percent."""

    today: Number
    month: Number
    number: int
    before: Number
    change: Number | None


class WaitingOut(Schema):
    number: int
    total: Number | None


class DayOut(Schema):
    date: dt.date
    amount: Number


class FiguresOut(Schema):
    date: dt.date
    currency: str
    booked: FigureOut | None
    invoiced: FigureOut | None
    collected: FigureOut | None
    quotations_awaiting: WaitingOut | None
    orders_to_ship: WaitingOut | None
    invoices_overdue: WaitingOut | None
    days: list[DayOut]
