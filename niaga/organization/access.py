"""Who may do what to which documents. Denied by default.

    access = access_of(by)
    access.require("order", "confirm", order)
    orders = SalesOrder.objects.filter(access.filter("order"))

A user's rights are the grants of their roles, per company. Lists (`filter`) show the current company; a single document
(`require`) is checked in its own company. `SYSTEM` is the actor of jobs and of customers on a public link.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from niaga.core.errors import NotFound
from niaga.organization.models import User
from niaga.organization.rules.membership import BranchFacts, CompanyFacts
from niaga.organization.system_access import SystemAccess
from niaga.organization.user_access import UserAccess, load_access

T = TypeVar("T")


class System:
    """The actor of jobs: no person, every right; with a `company_id` in that company only."""

    id: None = None
    pk: None = None
    is_authenticated = True
    language = ""

    def __init__(self, company_id: UUID | None = None) -> None:
        self.company_id = company_id

    def __str__(self) -> str:
        return "Niaga"


SYSTEM = System()


def system_in(company_id: UUID) -> System:
    """The system at work for one company, which is then the current one: for customers on their own pages."""
    return System(company_id)


Actor = User | System | AnonymousUser


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

    def reaches(self, kind: str, action: str, document: Any) -> bool:
        """Whether `require` would let this pass."""

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


_SYSTEM_ACCESS = SystemAccess()
_NOBODY = UserAccess(None)


def access_of(user: Actor | None) -> Access:
    """The actor's rights: one statement for the first question, kept on the user object.

    The current company is `user.company_choice` (set from the session or the API token) when they work in it.
    """
    if isinstance(user, System):
        return SystemAccess(user.company_id) if user.company_id else _SYSTEM_ACCESS
    if user is None or not user.is_authenticated:
        return _NOBODY
    access: UserAccess | None = getattr(user, "_access", None)
    if access is None:
        access = user._access = load_access(user.pk, getattr(user, "company_choice", None))
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
