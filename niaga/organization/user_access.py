"""The rights of a person, from the grants of their roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Q

from niaga.core.errors import Forbidden
from niaga.organization.rules.membership import BranchFacts, CompanyFacts, Member
from niaga.organization.rules.roles import check_right


@dataclass
class UserAccess:
    """The rights of a person (or of nobody), loaded by one statement."""

    user_id: UUID | None
    companies: tuple[CompanyFacts, ...] = ()
    members: tuple[Member, ...] = ()
    branches: Mapping[UUID, BranchFacts] = field(default_factory=dict)
    heads: Mapping[UUID, BranchFacts] = field(default_factory=dict)
    chosen_company_id: UUID | None = None

    @cached_property
    def company_ids(self) -> tuple[UUID, ...]:
        return tuple(company.id for company in self.companies)

    @cached_property
    def current_company(self) -> CompanyFacts:
        for company in self.companies:
            if company.id == self.chosen_company_id:
                return company
        if not self.companies:
            raise Forbidden()
        return self.companies[0]

    @cached_property
    def branch_ids(self) -> tuple[UUID, ...]:
        here = self.current_company.id if self.companies else None
        found = {member.branch_id: None for member in self.members if member.company_id == here}
        return tuple(branch_id for branch_id in found if branch_id is not None)

    @cached_property
    def default_branch(self) -> BranchFacts:
        for branch_id in self.branch_ids:
            if branch_id in self.branches:
                return self.branches[branch_id]
        head = self.heads.get(self.current_company.id)
        if head is None:
            raise Forbidden()
        return head

    @cached_property
    def roles(self) -> frozenset[str]:
        here = self.current_company.id if self.companies else None
        return frozenset(member.role for member in self.members if member.company_id == here)

    @cached_property
    def sees_cost(self) -> bool:
        return self.allows("product", "see_cost")

    def _granted(self, kind: str, action: str, company_id: UUID | None) -> Iterable[tuple[Member, str]]:
        check_right(kind, action)
        if company_id is None:
            company_id = self.current_company.id if self.companies else None
        for member in self.members:
            if member.company_id == company_id:
                reach = member.grants.get((kind, action))
                if reach is not None:
                    yield member, reach

    def allows(self, kind: str, action: str, company_id: UUID | None = None) -> bool:
        return any(True for _ in self._granted(kind, action, company_id))

    def require(
        self,
        kind: str,
        action: str,
        document: Any = None,
        company_id: UUID | None = None,
    ) -> None:
        if document is None:
            if not self.allows(kind, action, company_id):
                raise Forbidden()
        elif not self.reaches(kind, action, document):
            raise Forbidden()

    def reaches(self, kind: str, action: str, document: Any) -> bool:
        branch_id = getattr(document, "branch_id", None)
        salesperson_id = getattr(document, "salesperson_id", None)
        return any(
            reach == "all"
            or (salesperson_id is not None and salesperson_id == self.user_id)
            or (reach == "team" and salesperson_id in member.colleagues)
            or (reach == "branch" and branch_id is not None and branch_id == member.branch_id)
            for member, reach in self._granted(kind, action, document.company_id)
        )

    def sees(self, kind: str, document: Any, action: str = "view") -> bool:
        here = bool(self.companies) and document.company_id == self.current_company.id
        return here and self.reaches(kind, action, document)

    def filter(
        self,
        kind: str,
        action: str = "view",
        *,
        company: str | None = "company_id",
        branch: str | None = "branch_id",
        salesperson: str | None = "salesperson_id",
    ) -> Q:
        found = list(self._granted(kind, action, None))
        if not found:
            return Q(pk__in=())
        here = Q(**{company: self.current_company.id}) if company else Q()
        if any(reach == "all" for _, reach in found):
            return here
        people: set[UUID | None] = {self.user_id}
        places: set[UUID] = set()
        for member, reach in found:
            if reach == "team":
                people |= member.colleagues
            elif reach == "branch" and member.branch_id is not None:
                places.add(member.branch_id)
        wanted = Q()
        if salesperson:
            wanted |= Q(**{f"{salesperson}__in": sorted(people, key=str)})
        if branch and places:
            wanted |= Q(**{f"{branch}__in": sorted(places)})
        return here & wanted if wanted else Q(pk__in=())


_LOAD = """
WITH RECURSIVE m AS (
  SELECT m.company_id, m.role_id, m.branch_id, m.team_id, r.code
  FROM organization_membership m
  JOIN organization_user u ON u.id = m.user_id AND u.is_active
  JOIN organization_role r ON r.id = m.role_id
  JOIN organization_company c ON c.id = m.company_id AND c.archived_at IS NULL
  WHERE m.user_id = %s::uuid
), below AS (
  SELECT DISTINCT team_id AS top, team_id AS id FROM m WHERE team_id IS NOT NULL
  UNION
  SELECT b.top, t.id FROM below b JOIN organization_team t ON t.parent_id = b.id
)
SELECT
  (SELECT json_agg(json_build_array(c.id, c.code, c.name, c.currency, c.zone, c.language, c.country,
     c.other_currencies) ORDER BY c.id)
     FROM organization_company c WHERE c.id IN (SELECT company_id FROM m))::text,
  (SELECT json_agg(json_build_array(m.company_id, m.code, m.branch_id, m.team_id, (
       SELECT json_agg(json_build_array(g.kind, g.action, g.scope))
       FROM organization_grant g WHERE g.role_id = m.role_id)) ORDER BY m.code) FROM m)::text,
  (SELECT json_object_agg(team.top, team.people) FROM (
       SELECT b.top, json_agg(DISTINCT tm.user_id) AS people
       FROM below b JOIN organization_membership tm ON tm.team_id = b.id GROUP BY b.top) team)::text,
  (SELECT json_agg(json_build_array(b.is_head, b.id, b.company_id, b.code, b.name, b.zone) ORDER BY b.id)
     FROM organization_branch b
     WHERE b.id IN (SELECT branch_id FROM m) OR (b.is_head AND b.company_id IN (SELECT company_id FROM m)))::text
"""


def load_access(user_id: UUID, chosen_company_id: UUID | None) -> UserAccess:
    with connection.cursor() as cursor:
        cursor.execute(_LOAD, [user_id])
        companies, members, teams, branches = (
            orjson.loads(text) if text is not None else None for text in cursor.fetchone()
        )
    people = {UUID(top): frozenset(UUID(person) for person in ids) for top, ids in (teams or {}).items()}
    places = [
        (head, BranchFacts(UUID(branch), UUID(company), *rest)) for head, branch, company, *rest in branches or ()
    ]
    return UserAccess(
        user_id=user_id,
        companies=tuple(CompanyFacts(UUID(company), *rest) for company, *rest in companies or ()),
        members=tuple(
            Member(
                company_id=UUID(company),
                role=role,
                branch_id=UUID(branch) if branch else None,
                colleagues=people.get(UUID(team), frozenset()) if team else frozenset(),
                grants={(kind, action): scope for kind, action, scope in grants or ()},
            )
            for company, role, branch, team, grants in members or ()
        ),
        branches={branch.id: branch for _, branch in places},
        heads={branch.company_id: branch for head, branch in places if head},
        chosen_company_id=chosen_company_id,
    )
