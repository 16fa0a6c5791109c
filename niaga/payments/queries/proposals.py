"""What bank lines may be, told from what is known now: never kept, so never stale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from niaga.organization.access import Actor
from niaga.payments.models import BankLine
from niaga.payments.queries.match_facts import line_facts, match_facts
from niaga.payments.rules.match_facts import Match, MatchFacts
from niaga.payments.rules.match_lines import match_lines


@dataclass(frozen=True, slots=True)
class Proposals:
    """Matches by line, and the facts that they name."""

    matches: Mapping[UUID, Match]
    facts: MatchFacts


def proposals_for(*, lines: Sequence[BankLine], by: Actor) -> Proposals:
    """For lines of one bank account that nothing is booked to. As many statements for many as for one."""
    if not lines:
        return Proposals({}, MatchFacts())
    facts = [line_facts(line) for line in lines]
    known = match_facts(lines=facts, company_id=lines[0].company_id, currency=lines[0].currency, by=by)
    return Proposals(match_lines(facts, known), known)
