"""Who may do what to which documents. Denied by default.

    access = access_of(by)
    access.require("order", "confirm", order)
    orders = SalesOrder.objects.filter(access.filter("order"))

A user's rights are the grants of their roles, per company. Lists (`filter`) show the current company; a single document
(`require`) is checked in its own company. `SYSTEM` is the actor of jobs and of customers on a public link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, TypeVar
from uuid import UUID

import orjson
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Q

from niaga.core.errors import Forbidden, NotFound
from niaga.organization.models import Company, User
from niaga.organization.rules.roles import check_right

T = TypeVar("T")


class System:
    """The actor of jobs: no person, every right."""

    id: None = None
    pk: None = None
    is_authenticated = True
    language = ""

    def __str__(self) -> str:
        return "Niaga"


SYSTEM = System()
Actor = User | System | AnonymousUser


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What every page needs to know of a company."""

    id: UUID
    code: str
    name: str
    currency: str
    zone: str
    language: str
    country: str
    other_currencies: Sequence[str] = ()
    """It sells in besides its own."""


@dataclass(frozen=True, slots=True)
class BranchFacts:
    id: UUID
    company_id: UUID
    code: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Member:
    """A role in a company: its grants by (kind, action), and from where their reach is counted."""

    company_id: UUID
    role: str
    branch_id: UUID | None
    colleagues: frozenset[UUID]
    grants: Mapping[tuple[str, str], str]


class Access(Protocol):
    """What an actor may do. See the module's text."""

    @property
    def company_ids(self) -> tuple[UUID, ...]:
        """Companies the actor works in."""

    @property
    def companies(self) -> tuple[CompanyFacts, ...]: ...

    @property
    def current_company(self) -> CompanyFacts:
        """The company whose pages are open.

        :raises Forbidden: the actor works in none
        """

    @property
    def branch_ids(self) -> tuple[UUID, ...]:
        """Branches the actor is bound to in the current company; empty: to none in particular."""

    @property
    def default_branch(self) -> BranchFacts:
        """The branch of the actor's new documents: their own, else the company's head office.

        :raises Forbidden: the actor works in no company
        """

    @property
    def roles(self) -> frozenset[str]:
        """Codes of the actor's roles in the current company."""

    @property
    def sees_cost(self) -> bool:
        """Cost and margin are hidden from everybody else."""

    def allows(self, kind: str, action: str, company_id: UUID | None = None) -> bool:
        """Whether the actor may do this to some document of the company (the current one when none is named)."""

    def require(
        self,
        kind: str,
        action: str,
        document: Any = None,
        company_id: UUID | None = None,
    ) -> None:
        """Check the right, and with a `document` also that its reach includes it.

        The document has `company_id`, and `branch_id` and `salesperson_id` where its kind has them.

        :raises Forbidden: not allowed
        """

    def sees(self, kind: str, document: Any, action: str = "view") -> bool:
        """Whether `filter(kind, action)` would find this document, which was read by its key.

        The document has the columns that `require` needs.
        """

    def filter(
        self,
        kind: str,
        action: str = "view",
        *,
        company: str | None = "company_id",
        branch: str | None = "branch_id",
        salesperson: str | None = "salesperson_id",
    ) -> Q:
        """The rows of the current company that the actor may see. Name the columns or paths; None: there is none.

        A dimension that the rows do not have cannot be proved, so a reach that needs it includes nothing.
        """


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
        elif not self._reaches(kind, action, document):
            raise Forbidden()

    def _reaches(self, kind: str, action: str, document: Any) -> bool:
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
        return here and self._reaches(kind, action, document)

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


class SystemAccess:
    """Every right, in every company."""

    roles: frozenset[str] = frozenset()
    branch_ids: tuple[UUID, ...] = ()
    sees_cost = True

    @property
    def companies(self) -> tuple[CompanyFacts, ...]:
        rows = Company.objects.filter(archived_at=None).order_by("id")
        return tuple(
            CompanyFacts(*row)
            for row in rows.values_list(
                "id", "code", "name", "currency", "zone", "language", "country", "other_currencies"
            )
        )

    @property
    def company_ids(self) -> tuple[UUID, ...]:
        return tuple(company.id for company in self.companies)

    @property
    def current_company(self) -> CompanyFacts:
        """Jobs work in the company of their document; only with a single company is there a current one."""
        companies = self.companies
        if len(companies) != 1:
            raise Forbidden()
        return companies[0]

    @property
    def default_branch(self) -> BranchFacts:
        raise Forbidden()

    def allows(self, kind: str, action: str, company_id: UUID | None = None) -> bool:
        check_right(kind, action)
        return True

    def require(
        self,
        kind: str,
        action: str,
        document: Any = None,
        company_id: UUID | None = None,
    ) -> None:
        check_right(kind, action)

    def sees(self, kind: str, document: Any, action: str = "view") -> bool:
        check_right(kind, action)
        return True

    def filter(
        self,
        kind: str,
        action: str = "view",
        *,
        company: str | None = "company_id",
        branch: str | None = "branch_id",
        salesperson: str | None = "salesperson_id",
    ) -> Q:
        check_right(kind, action)
        return Q()


_SYSTEM_ACCESS = SystemAccess()
_NOBODY = UserAccess(None)

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


def _load(user_id: UUID, chosen_company_id: UUID | None) -> UserAccess:
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


def access_of(user: Actor | None) -> Access:
    """The actor's rights: one statement for the first question, kept on the user object.

    The current company is `user.company_choice` (set from the session or the API token) when they work in it.
    """
    if isinstance(user, System):
        return _SYSTEM_ACCESS
    if user is None or not user.is_authenticated:
        return _NOBODY
    access: UserAccess | None = getattr(user, "_access", None)
    if access is None:
        access = user._access = _load(user.pk, getattr(user, "company_choice", None))
    return access


def seen(document: T | None, kind: str, *, by: Actor, action: str = "view") -> T:
    """The document that was read by its key, for who may see it (or do `action` to it).

    :raises NotFound: there is none, or none for this person
    """
    if document is None or not access_of(by).sees(kind, document, action):
        raise NotFound()
    return document


def forget_access(user: Actor) -> None:
    """Read the rights again at the next question: after a change of grants, or of the current company."""
    if hasattr(user, "_access"):
        del user._access
