"""The rights of jobs, and of customers on a public link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q

from niaga.core.errors import Forbidden
from niaga.organization.models import Company
from niaga.organization.rules.membership import BranchFacts, CompanyFacts
from niaga.organization.rules.roles import check_right


class SystemAccess:
    """Every right, in every company, or in the one that is named."""

    roles: frozenset[str] = frozenset()
    branch_ids: tuple[UUID, ...] = ()
    sees_cost = True

    def __init__(self, company_id: UUID | None = None) -> None:
        self._company_id = company_id

    @property
    def companies(self) -> tuple[CompanyFacts, ...]:
        rows = Company.objects.filter(archived_at=None).order_by("id")
        if self._company_id is not None:
            rows = rows.filter(pk=self._company_id)
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
        return None in (company_id, self._company_id) or company_id == self._company_id

    def require(
        self,
        kind: str,
        action: str,
        document: Any = None,
        company_id: UUID | None = None,
    ) -> None:
        check_right(kind, action)
        if self._company_id is None:
            return
        named = company_id if document is None else document.company_id
        if named not in (None, self._company_id):
            raise Forbidden()

    def reaches(self, kind: str, action: str, document: Any) -> bool:
        check_right(kind, action)
        return self._company_id is None or document.company_id == self._company_id

    def sees(self, kind: str, document: Any, action: str = "view") -> bool:
        check_right(kind, action)
        return self._company_id is None or document.company_id == self._company_id

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
        return Q() if self._company_id is None or company is None else Q(**{company: self._company_id})
