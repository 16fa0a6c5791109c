"""Write cases for a second price engine: requests as the engine is asked, with the answer that it gives.

An engine that answers every case alike, to the last digit, agrees with this one.
"""

import argparse
import gzip
import json
from pathlib import Path

from bench._drawn_prices import drawn_requests, plain
from niaga.pricing.rules import price_lines

VERSION = 4
"""Of the shape of the file: figures and keys are text, what is empty is left out. Since 2 with promotions, since 3
with PPnBM and lists with tax or without, since 4 with membership tiers and points."""


def cases(seed: int, count: int) -> list[dict[str, object]]:
    found = []
    for number, request in zip(range(1, count + 1), drawn_requests(seed, count * 20), strict=False):
        answer = plain(price_lines(request))
        found.append({"case": number, "request": plain(request), "answer": answer})
    return found


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="niaga bench price_vectors", description=__doc__)
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("price-vectors.json.gz"))
    given = parser.parse_args(arguments)
    vectors = {"version": VERSION, "seed": given.seed, "cases": cases(given.seed, given.cases)}
    text = json.dumps(vectors, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    given.out.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{given.cases} cases in {given.out}, {given.out.stat().st_size // 1024} KiB")
