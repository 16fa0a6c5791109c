"""From the rules that hold to the steps of a request, with the people who sit in them today."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from niaga.approvals.errors import NobodyCanApprove
from niaga.approvals.rules.chain import Approver, Step, join, read_steps
from niaga.approvals.rules.gate import Rule
from niaga.approvals.rules.people import OWNERS, seated
from niaga.organization.queries.working_people import WorkingPerson, team_parents, working_people


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works in the company, and how its teams hang together: read once for all steps of a request."""

    people: Mapping[UUID, WorkingPerson]
    parents: Mapping[UUID, UUID | None]

    def seat(self, approvers: Sequence[Approver], *, seller: UUID | None, excluded: Collection[UUID]) -> list[UUID]:
        return seated(approvers, self.people, parents=self.parents, seller=seller, excluded=excluded)


def crew_of(company_id: UUID) -> Crew:
    """Two statements."""
    return Crew(working_people(company_id), team_parents(company_id))


def seat_steps(
    rules: Sequence[Rule], crew: Crew, *, seller: UUID | None, excluded: Collection[UUID]
) -> list[tuple[Step, list[UUID]]]:
    """The joined steps with their people; a step without anybody is passed over, and says so.

    A rule whose last step is empty falls to the owners; without another owner the steps before it decide.

    :raises NobodyCanApprove: a rule has nobody left at all
    """
    chains = [read_steps(list(rule.steps)) for rule in rules]
    owner = Step(False, (OWNERS,))
    owners = crew.seat(owner.approvers, seller=seller, excluded=excluded)
    for place, (rule, chain) in enumerate(zip(rules, chains, strict=True)):
        taken = [crew.seat(step.approvers, seller=seller, excluded=excluded) for step in chain]
        if taken[-1]:
            continue
        if owners:
            chains[place] = (*chain, owner)
        elif not any(taken):
            raise NobodyCanApprove(
                _(
                    "Nobody can approve this: those whom the rule “%(rule)s” names have left, may not approve, or would"
                    " decide about their own. Name somebody else under Settings, Approval rules."
                )
                % {"rule": rule.name},
                rule=rule.name,
            )
    return [(step, crew.seat(step.approvers, seller=seller, excluded=excluded)) for step in join(chains)]
