"""What upper apps tell approvals about their documents.

# sales/apps.py
def ready(self):
    from niaga.approvals.registry import approval_subjects
    from niaga.sales.web.approval_subject import quotation_subject
    approval_subjects.add("quotation", quotation_subject)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise

from niaga.core.registry import Registry
from niaga.ui.order_grid import GridStep


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """A line as its approver sees it: figures as text, and why this price. `tone` marks what is below cost, `below`
    says how far it is below its price list's floor, `was` what it is before the change that is asked for."""

    name: str
    quantity: str
    price: str
    discount: str
    amount: str
    margin: str = ""
    tone: str = ""
    why: Sequence[GridStep] = ()
    below: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    label: str | Promise
    value: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class SubjectPage:
    """A document as it is now, or a change of it as it was asked for (`is_change`). `facts`: its figures today, to be
    compared with those that were asked about; None when there is nothing to compare with (such a change).
    `said` tells what becomes of the change, `deed` where it is made by hand."""

    url: str
    lines: Sequence[ApprovalLine] = ()
    history: Sequence[Fact] = ()
    facts: Mapping[str, Any] | None = None
    is_change: bool = False
    said: str = ""
    tone: str = ""
    deed: str = ""


class SubjectSource(Protocol):
    """Tells the page of an approval what its document is like. The caller has checked that the person is asked, or may
    see the request, `approval_id`. `sees_margin`: they see cost, or decide."""

    def __call__(
        self, request: HttpRequest, subject_id: UUID, *, approval_id: UUID, sees_margin: bool
    ) -> SubjectPage | None: ...


approval_subjects: Registry[SubjectSource] = Registry()


class ChoiceSource(Protocol):
    """The keys and names a figure can have in a company."""

    def __call__(self, company_id: UUID) -> list[tuple[str, str]]: ...


rule_choices: Registry[ChoiceSource] = Registry()
"""A figure that is chosen from (`customer_group`, `channel`) -> its choices."""
