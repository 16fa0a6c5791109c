"""The company's return policy, as the pure rule reads it."""

from uuid import UUID

from niaga.catalog.queries.category_trees import below_categories
from niaga.returns.models import ReturnRule
from niaga.returns.rules.policy import PolicyRule


def policy_of(company_id: UUID) -> list[PolicyRule]:
    """All rules of the company; a category stands for all below it."""
    rows = list(ReturnRule.objects.filter(company_id=company_id).order_by("created_at", "id"))
    trees = below_categories([row.category_id for row in rows if row.category_id is not None])
    return [
        PolicyRule(
            row.name, row.group_id, None if row.category_id is None else trees[row.category_id], row.reason_id,
            row.days, tuple(row.conditions), row.refused,
        )
        for row in rows
    ]  # fmt: skip
