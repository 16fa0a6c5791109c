"""What a price costs in time, from ids to the stored trace, among very many lists.

    niaga bench pricing

The lists are of every kind: for customers, groups, channels and everybody, on weekdays and hours, with prices and
with formulas for products, categories and brands, standing on one another. Beside each four of them is one promotion,
of every kind but a gift, for customers, a channel or everybody; a fifth of them have a budget. `basket10_p50_ms` and
`lines1000_ms` look up products, prices and taxes and come back with the columns and steps of every line; the rule
book is remembered, as in a running process. `growth_exponent` is the slope of a basket's time over the number of
lists, from a tenth of them to all: 1 is linear.
"""

import argparse
import math
import random
import statistics
import time
from decimal import Decimal
from typing import Any
from uuid import UUID

from bench._floor import machine_floor
from bench._report import report
from bench._scratch import dsn, point_to, scratch


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench pricing", description=__doc__)
    parser.add_argument("--lists", type=int, default=800, help="with a promotion for each four: 1,000 rules in all")
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=200, help="baskets of ten lines; a fifth as many of 1,000")
    given = parser.parse_args(arguments)
    with scratch() as name:
        point_to(name, role="owner")
        floor_ms = machine_floor(dsn())
        point_to(name)
        bench = _Bench(given.products)
        bench.add_lists(given.lists // 10)
        _analyse(name)
        _ten, few_ms, _statements = bench.times(10, given.runs)
        bench.add_lists(given.lists)
        _analyse(name)
        cold_ms = bench.cold()
        ten, ten_ms, statements = bench.times(10, given.runs)
        thousand, _middle, many_statements = bench.times(1000, max(given.runs // 10, 5))
        pure_ms = bench.pure(10, given.runs)
    report(
        "pricing",
        {
            "lists": given.lists, "promotions": given.lists // 4, "products": given.products, "basket10_p50_ms": ten_ms,
            "basket10_p95_ms": sorted(ten)[int(len(ten) * 0.95)], "engine10_p50_ms": pure_ms,
            "lines1000_ms": statistics.median(thousand), "statements": max(statements, many_statements),
            "book_ms": cold_ms,
            "growth_exponent": math.log(ten_ms / few_ms) / math.log(given.lists / max(given.lists // 10, 1)),
        },
        floor_ms,
    )  # fmt: skip


def _analyse(name: str) -> None:
    """What autovacuum does a minute after so many rows came in."""
    from django.db import connection

    point_to(name, role="owner")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    point_to(name)


class _Bench:
    def __init__(self, products: int) -> None:
        from bench._world import AT, make_bench_world
        from niaga.catalog.rules.product import NewProduct
        from niaga.catalog.services.create_products import create_products
        from niaga.organization.services.keep_channel import keep_channel

        self.dice = random.Random(11)
        self.world = make_bench_world(customers=200, products=100)
        self.at = AT
        deed: dict[str, Any] = {"company_id": self.world.company.id, "by": self.world.owner, "at": AT}
        self.categories = self._shelves()
        self.products: list[UUID] = []
        for start in range(0, products, 5000):
            rows = [
                NewProduct(
                    name=f"Produk {number}", sku=f"P-{number:06}", price=Decimal(self.dice.randrange(1_000, 900_000)),
                    cost=Decimal(900), category_id=self.dice.choice(self.categories), brand=f"Merek {number % 40}",
                )
                for number in range(start, min(start + 5000, products))
            ]  # fmt: skip
            self.products += create_products(rows=rows, **deed)
        self.channel = keep_channel(name="Toko online", code="BENCH", **deed)
        self.added = 0
        self.newest: list[UUID] = []

    def _shelves(self) -> list[UUID]:
        from niaga.catalog.services.save_category import save_category

        deed: dict[str, Any] = {"company_id": self.world.company.id, "by": self.world.owner, "at": self.at}
        tops = [save_category(name=f"Bagian {n}", **deed).id for n in range(10)]
        return [save_category(name=f"Rak {n}", parent_id=tops[n % 10], **deed).id for n in range(60)]

    def add_lists(self, upto: int) -> None:
        """Lists in the proportions of a large distributor; each with its prices or formulas."""
        from niaga.pricing.services.create_price_list import create_price_list
        from niaga.pricing.services.set_prices import NewPrice, set_prices
        from niaga.pricing.services.set_rules import NewRule, set_rules

        owner, dice = self.world.owner, self.dice
        for number in range(self.added, upto):
            whom: dict[str, Any] = {}
            if number % 10 < 5:
                whom["customer_id"] = self.world.customers[number % len(self.world.customers)]
            elif number % 10 == 5:
                whom["channel_id"] = self.channel
            elif number % 10 == 6:
                whom["branch_id"] = self.world.branch.id
            if number % 7 == 0:
                whom |= {"weekdays": 31}
            made = create_price_list(
                company_id=self.world.company.id, code=f"L{number}", name=f"Daftar {number}", by=owner, at=self.at,
                priority=0 if number % 10 < 9 else -1, **whom,
            )  # fmt: skip
            prices = [NewPrice(Decimal(dice.randrange(1_000, 900_000)), one) for one in dice.sample(self.products, 60)]
            set_prices(price_list_id=made.id, prices=prices, by=owner, at=self.at)
            scope: dict[str, Any] = {"category_id": dice.choice(self.categories)}
            if number % 3 == 0:
                scope["brand"] = f"Merek {number % 40}"
            below = dice.choice(self.newest) if self.newest and number % 10 == 9 else None
            rule = NewRule(
                basis="list" if below else "price", base_list_id=below, percent=Decimal(-dice.randrange(1, 20)),
                round_to=Decimal(100), least_margin=Decimal(5) if number % 4 == 0 else None, **scope,
            )  # fmt: skip
            set_rules(price_list_id=made.id, rules=[rule], by=owner, at=self.at)
            if number % 10 == 8:
                self.newest = [*self.newest[-20:], made.id]
            if number % 4 == 0:
                self._add_promotion(number // 4, whom)
        self.added = upto

    def _add_promotion(self, number: int, whom: dict[str, Any]) -> None:
        from niaga.pricing.rules.new_promotion import NewPromotion, NewScope
        from niaga.pricing.rules.promotion import PromotionKind
        from niaga.pricing.services.create_promotion import create_promotion

        kinds = [kind.value for kind in PromotionKind if kind is not PromotionKind.GIFT]
        kind, dice = kinds[number % len(kinds)], self.dice
        percentage = kind.endswith("percent") or kind in ("buy_get", "free_delivery")
        scopes = [NewScope(category_id=dice.choice(self.categories)), NewScope(product_id=dice.choice(self.products))]
        if kind == "bundle_price":
            parts = dice.sample(self.products, 2)
            scopes = [NewScope("part", product_id=one, quantity=Decimal(1)) for one in parts]
        create_promotion(
            company_id=self.world.company.id, by=self.world.owner, at=self.at,
            promotion=NewPromotion(
                f"Promo {number}", kind, tiers=((Decimal(0), Decimal(dice.randrange(1, 30 if percentage else 9_000))),),
                scopes=tuple(scopes), buy=Decimal(2), get=Decimal(1), exclusive=number % 6 == 0,
                budget=Decimal(10**9) if number % 5 == 0 else None, **whom,
            ),
        )  # fmt: skip

    def _priced(self, lines: int) -> Any:
        from niaga.organization.queries.document_context import document_context
        from niaga.parties.queries.selling_facts import customer_facts
        from niaga.sales.rules.lines import LineInput
        from niaga.sales.services.price_document import price_document

        context = document_context(branch_id=self.world.branch.id, at=self.at)
        customer = customer_facts(customer_id=self.dice.choice(self.world.customers))
        assert customer is not None
        wanted = [LineInput(product_id=one, quantity=Decimal(2)) for one in self.dice.sample(self.products, lines)]

        def deed() -> Any:
            return price_document(
                context=context, customer=customer, on=context.today, lines=wanted, channel_id=self.channel
            )

        return deed

    def times(self, lines: int, runs: int) -> tuple[list[float], float, int]:
        """Milliseconds of each run, their median, and the statements of the last."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self._priced(lines)()
        taken = []
        for _run in range(runs):
            deed = self._priced(lines)
            began = time.perf_counter()
            result = deed()
            taken.append((time.perf_counter() - began) * 1000)
            assert all(row["steps"] for row in result.rows)
        with CaptureQueriesContext(connection) as captured:
            self._priced(lines)
            before = len(captured)
            self._priced(lines)()
        return taken, statistics.median(taken), len(captured) - 2 * before

    def cold(self) -> float:
        """Milliseconds to read the book anew."""
        from niaga.pricing.queries.rule_book import read_book

        began = time.perf_counter()
        read_book(self.world.company.id, "IDR")
        return (time.perf_counter() - began) * 1000

    def pure(self, lines: int, runs: int) -> float:
        """The median of the engine alone, with its steps, everything loaded."""
        import niaga.sales.services.price_document as module
        from niaga.pricing.rules import price_lines

        requests: list[Any] = []

        def noting(request: Any) -> Any:
            requests.append(request)
            return price_lines(request)

        module.price_lines = noting  # type: ignore[attr-defined]
        try:
            for _run in range(runs):
                self._priced(lines)()
        finally:
            module.price_lines = price_lines  # type: ignore[attr-defined]
        taken = []
        for request in requests:
            began = time.perf_counter()
            for line in price_lines(request).lines:
                line.explanation()
            taken.append((time.perf_counter() - began) * 1000)
        return statistics.median(taken)
