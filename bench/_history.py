"""A retailer's year drawn from a seed, as import files, where the real one is not at hand."""

import random
from datetime import datetime, timedelta
from pathlib import Path

BRANCHES, CUSTOMERS, PRODUCTS = 50, 2_500, 20_000


def write_history(path: Path, *, lines: int, seed: int, year: int = 2024) -> None:
    """Real retail has about ten lines a receipt, most products rarely, some quantities of zero."""
    dice = random.Random(seed)
    at = datetime(year, 1, 1, 8)  # noqa: DTZ001
    step = timedelta(days=365) / max(1, lines // 9)
    with path.open("w") as file:
        file.write("number,date,branch,customer,product,quantity,amount,discount,coupon\n")
        written, number = 0, 31_198_570_044
        while written < lines:
            number += dice.randrange(1, 9_000)
            at += step
            head = f"{number},{at:%Y-%m-%d %H:%M:%S},B{dice.randrange(BRANCHES)},C{dice.randrange(CUSTOMERS)}"
            for _line in range(min(int(dice.expovariate(1 / 8.5)) + 1, lines - written)):
                product = int(PRODUCTS * dice.random() ** 3)
                quantity = 0 if dice.random() < 0.006 else dice.choice((1, 1, 1, 1, 2, 2, 3, 10))
                amount = dice.randrange(0, 2_000) / 100
                file.write(f"{head},P{product},{quantity},{amount:.2f},{dice.randrange(300) / 100:.2f},0\n")
                written += 1


def write_masters(folder: Path) -> None:
    for name, head, row, count in (
        ("branches", "code,name", "B{0},Store {0}", BRANCHES),
        ("customers", "code,name", "C{0},Household {0}", CUSTOMERS),
        ("products", "sku,name,price", "P{0},Soft drink milk {0},2.49", PRODUCTS),
    ):
        with (folder / f"{name}.csv").open("w") as file:
            file.write(head + "\n")
            file.writelines(row.format(n) + "\n" for n in range(count))
