from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from niaga.core.errors import Refusal
from niaga.organization.access import Actor, access_of
from niaga.payments.errors import LineDone, ProposalChanged
from niaga.payments.models import BankLine
from niaga.payments.queries.bank_lines import visible_lines
from niaga.payments.queries.proposals import proposals_for
from niaga.payments.rules.line_parts import Part, fingerprint, parts_of
from niaga.payments.rules.match_facts import CERTAIN
from niaga.payments.services.book_lines import book_lines
from niaga.payments.services.book_locked_line import Booking

AT_ONCE = 50
"""So many lines are booked in one transaction."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A proposal as the person saw it on the line."""

    line_id: UUID
    version: int
    seen: str


@transaction.atomic
def accept_proposals(*, accepted: Sequence[Accepted], by: Actor, at: datetime) -> Mapping[UUID, Refusal]:
    """Book lines as they were proposed, in one deed. Returns those that were left, each with why.

    :raises Forbidden: the person may not book bank lines
    """
    access_of(by).require("bank", "record")
    rows = visible_lines(by=by).filter(pk__in=[one.line_id for one in accepted]).order_by("bank_account_id", "id")
    found = {line.pk: line for line in rows.filter(status="open")}
    left: dict[UUID, Refusal] = {}
    bookings = []
    parts = _parts(list(found.values()), by)
    for one in accepted:
        line = found.get(one.line_id)
        if line is None or line.version != one.version:
            left[one.line_id] = LineDone(field="line")
        elif one.seen not in parts[line.pk]:
            left[one.line_id] = ProposalChanged(field="line")
        else:
            bookings.append(Booking(line.pk, parts[line.pk][one.seen], version=line.version))
    return {**left, **book_lines(bookings=bookings, by=by, at=at)} if bookings else left


def _parts(lines: Sequence[BankLine], by: Actor) -> dict[UUID, dict[str, list[Part]]]:
    """By line what each of its proposals would book, by what a person saw of it."""
    found: dict[UUID, dict[str, list[Part]]] = {}
    for account_id in dict.fromkeys(line.bank_account_id for line in lines):
        here = [line for line in lines if line.bank_account_id == account_id]
        matches = proposals_for(lines=here, by=by).matches
        for line in here:
            each = [parts_of(one, line.amount) for one in matches[line.pk].proposals]
            found[line.pk] = {fingerprint(parts): parts for parts in each}
    return found


def book_certain(*, statement_id: UUID, by: Actor, at: datetime) -> int:
    """Book what is certain of a statement, without a person, some lines a transaction: what is booked stays booked when
    a later part fails, and a second run goes on. Returns how many.

    :raises Forbidden: the person may not book bank lines
    """
    access_of(by).require("bank", "record")
    rows = visible_lines(by=by).filter(statement_id=statement_id, status="open").order_by("position")
    lines = list(rows)
    matches = proposals_for(lines=lines, by=by).matches
    certain = [
        Booking(line.pk, parts_of(matches[line.pk].proposals[0], line.amount), version=line.version, how="certain")
        for line in lines
        if matches[line.pk].outcome == CERTAIN
    ]
    left = 0
    for first in range(0, len(certain), AT_ONCE):
        left += len(book_lines(bookings=certain[first : first + AT_ONCE], by=by, at=at))
    return len(certain) - left
