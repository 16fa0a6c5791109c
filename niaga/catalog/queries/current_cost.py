"""What a product costs now: by what an app above knows of it, else its standard cost."""

from niaga.core.registry import Registry

known_costs: Registry[str] = Registry()
"""SQL of a scalar over `{product}`, a column that holds a product's id: the cost of one base unit, or null."""


def current_cost(*, product: str, standard: str) -> str:
    """SQL of the cost of one base unit in the company's currency. `product` and `standard` name columns."""
    known = [sql.format(product=product) for _name, sql in known_costs]
    return f"coalesce({', '.join([*known, standard])})" if known else standard
