"""What a product costs now: by what an app above knows of it, else its standard cost."""

from typing import NamedTuple

from niaga.core.registry import Registry


class KnownCost(NamedTuple):
    """A table with at most one row for a product: its column that names the product, and the one with the cost of one
    base unit, or null."""

    table: str
    product: str
    cost: str


known_costs: Registry[KnownCost] = Registry()


class CurrentCost(NamedTuple):
    """SQL: the joins to add behind the product's table, and the cost of one base unit in the company's currency."""

    joins: str
    cost: str


def current_cost(*, product: str) -> CurrentCost:
    """The current cost of the products in the table whose alias is `product`. Joined, so that many products are one
    reading of what is known."""
    known = [(f"{product}_{name}", one) for name, one in known_costs]
    joins = [f" LEFT JOIN {one.table} {alias} ON {alias}.{one.product} = {product}.id" for alias, one in known]
    costs = [f"{alias}.{one.cost}" for alias, one in known] + [f"{product}.cost"]
    return CurrentCost("".join(joins), f"coalesce({', '.join(costs)})")
