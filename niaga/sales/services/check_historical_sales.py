"""Checking millions of staged lines of history in a few statements."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from niaga.sales.rules.historical import (
    HISTORY_COLUMNS,
    MOST_PLACEHOLDER_SHARE,
    MOST_PLACEHOLDERS,
    HistoryCounts,
    Writing,
)

UNREADABLE = "\ufffd"


class BadFigures(ValueError):
    """Some figure is missing or absurd; which one can only be said of text."""


_TABLES = """
DROP TABLE IF EXISTS pg_temp.history_sale, pg_temp.history_head, pg_temp.history_fault, pg_temp.history_unknown;
CREATE TEMP TABLE history_sale (
  number text, first_row int, lines int, bad int, not_positive int, rounded int,
  date_a text, date_b text, branch_a text, branch_b text, customer_a text, customer_b text,
  person_a text, person_b text, currency_a text, currency_b text,
  amount numeric, discount numeric, coupon numeric) ON COMMIT DROP;
CREATE TEMP TABLE history_head (
  number text PRIMARY KEY, id uuid, first_row int, branch_id uuid, customer_id uuid, person_id uuid,
  moment timestamp, zone text, lines int, amount numeric, discount numeric, coupon numeric) ON COMMIT DROP;
CREATE TEMP TABLE history_fault (number text, col text, code text, value text) ON COMMIT DROP;
CREATE TEMP TABLE history_unknown (sku text PRIMARY KEY, lines int) ON COMMIT DROP;
"""


def check_historical_sales(
    *,
    stage: str,
    findings: str,
    columns: Collection[str],
    writing: Writing,
    company_id: UUID,
    currency: str,
    branch: str | None,
    at: datetime,
) -> HistoryCounts:
    """Read the staged rows as sales: figures, days, keys; what is wrong goes to the table `findings`.

    Leaves temporary tables for `record_historical_sales` in the same transaction. Rules for history are not those of
    live entry: a quantity may be zero or less, a product may be unknown (it becomes an archived placeholder).

    :param stage: a table with `row int` and the text columns of `HISTORY_COLUMNS` that the file has (`columns`)
    :param findings: a table (row int, col text, code text, value text)
    :raises BadFigures: the stage has figures as numbers, and some are missing or absurd: only text tells which
    :param branch: the code of the branch where a sale was when the file does not say
    """
    names: dict[str, Any] = {
        "company": company_id, "currency": currency, "branch": branch, "at": at,
        "plain": writing.plain, "grouped": writing.grouped, "sign": writing.sign,
        "decimal": writing.decimal, "grouping": writing.grouping, "month_first": writing.month_first,
        "months": json.dumps(dict(writing.months)), "nothing": UNREADABLE,
    }  # fmt: skip
    has = {name: name in columns for name in HISTORY_COLUMNS}
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {stage}")  # a new table has no statistics, and the planner would guess
        for statement in _TABLES.split(";\n"):
            if statement.strip():
                cursor.execute(statement)
        cursor.execute(_group_sql(stage, has, writing), names)
        cursor.execute("SELECT sum(bad) FROM history_sale")
        bad = cursor.fetchone()[0]
        if bad and writing.typed:
            raise BadFigures()
        if bad:
            _find_bad_lines(cursor, stage, findings, has, writing, names)
        cursor.execute("ANALYZE history_sale")
        cursor.execute(_HEAD, names)
        cursor.execute("ANALYZE history_head")
        _find_bad_sales(cursor, stage, findings, names)
        _find_unknown_products(cursor, stage, findings, names)
        return _counts(cursor)


def figure_sql(column: str, writing: Writing) -> str:
    """A cell as numeric, null when it is none. The first branch is what nearly all cells of text take."""
    if writing.typed:
        return column
    plain = f"{column}::numeric" if writing.decimal == "." else f"replace({column}, ',', '.')::numeric"
    bare = f"regexp_replace(btrim({column}, E' \\t\\u00a0'), %(sign)s, '', 'i')"
    moved = f"replace({bare}, %(grouping)s, '')"
    if writing.decimal != ".":
        moved = f"replace({moved}, ',', '.')"
    return (
        f"CASE WHEN {column} IS NULL THEN NULL WHEN {column} ~ %(plain)s THEN {plain}"
        f" WHEN {bare} ~ %(plain)s OR {bare} ~ %(grouped)s THEN {moved}::numeric END"
    )


_HEAD_CELLS = ("date", "branch", "customer", "salesperson", "currency")


def _group_sql(stage: str, has: dict[str, bool], writing: Writing) -> str:
    """Lines to sales. First by all cells a sale's lines share, then by number alone: many rows are touched once."""

    def figure(name: str) -> str:
        return figure_sql(name, writing) if has[name] else "NULL::numeric"

    cells = [name for name in _HEAD_CELLS if has[name]]
    ends = ", ".join(f"min({name}), max({name})" if has[name] else "NULL, NULL" for name in _HEAD_CELLS)
    bad = ["product IS NULL"]
    bad += [f"{name}_n IS NULL OR abs({name}_n) >= 1e13" for name in ("quantity", "amount")]  # NaN is above all
    bad += [
        f"{name} IS NOT NULL AND ({name}_n IS NULL OR abs({name}_n) >= 1e13)"
        for name in ("discount", "coupon", "gross")
        if has[name]
    ]
    given = "coalesce(discount_n, 0)"
    if has["gross"]:
        given = "coalesce(discount_n, gross_n - amount_n, 0)"
        bad.append("gross_n - coalesce(discount_n, gross_n - amount_n) <> amount_n")
    return f"""
INSERT INTO history_sale
SELECT number, min(first), sum(lines), sum(bad), sum(not_positive), sum(rounded), {ends},
  sum(amount), sum(discount), sum(coupon)
FROM (
  SELECT nullif(btrim(number), '') AS number, {"".join(f"{name}, " for name in cells)} min(row) AS first,
    count(*) AS lines, count(*) FILTER (WHERE {" OR ".join(bad)}) AS bad,
    count(*) FILTER (WHERE quantity_n <= 0) AS not_positive,
    count(*) FILTER (WHERE scale(amount_n) > 4 OR scale(quantity_n) > 6) AS rounded,
    coalesce(sum(round(amount_n, 4)), 0) AS amount, coalesce(sum(round({given}, 4)), 0) AS discount,
    coalesce(sum(round(coalesce(coupon_n, 0), 4)), 0) AS coupon
  FROM (SELECT *, {figure("quantity")} AS quantity_n, {figure("amount")} AS amount_n,
          {figure("discount")} AS discount_n, {figure("coupon")} AS coupon_n, {figure("gross")} AS gross_n
        FROM {stage} OFFSET 0) s
  GROUP BY 1 {"".join(f", {name}" for name in cells)}
) parts
GROUP BY 1
"""


_FOREIGN = r"^(rp|us\$|s\$|rm|€|£|¥|\$|[a-z]{3})[.]?\s*[-+]?[0-9.,]+$"


def _find_bad_lines(
    cursor: Any, stage: str, findings: str, has: dict[str, bool], writing: Writing, names: dict[str, Any]
) -> None:
    """Name the cells of lines that were counted as bad."""
    cursor.execute(f"INSERT INTO {findings} SELECT row, 'product', 'missing', '' FROM {stage} WHERE product IS NULL")
    for name in ("quantity", "amount", "discount", "coupon", "gross"):
        if not has[name]:
            continue
        if name in ("quantity", "amount"):
            cursor.execute(
                f"INSERT INTO {findings} SELECT row, '{name}', 'missing', '' FROM {stage} WHERE {name} IS NULL"
            )
        cursor.execute(
            f"INSERT INTO {findings} SELECT row, '{name}', CASE WHEN {name} ~* %(foreign)s AND '{name}' <> 'quantity'"
            f" THEN 'wrong_currency' ELSE 'not_a_figure' END, {name} FROM {stage}"
            f" WHERE {name} IS NOT NULL AND ({figure_sql(name, writing)}) IS NULL",
            {**names, "foreign": _FOREIGN},
        )
    if has["gross"]:
        discount = figure_sql("discount", writing) if has["discount"] else "NULL"
        gross, amount = figure_sql("gross", writing), figure_sql("amount", writing)
        cursor.execute(
            f"INSERT INTO {findings} SELECT row, 'gross', 'gross_differs', gross FROM (SELECT row, gross,"
            f" {gross} AS g, {amount} AS a, {discount} AS d FROM {stage}) s WHERE g - coalesce(d, g - a) <> a",
            names,
        )


# The clock of the place as text to timestamp: ISO first, then a month by its name, else day and month in the file's
# order; null when there is no such day.
_PARTS = r"""
  CASE WHEN date_a ~ '^[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}' THEN
         regexp_match(date_a, '^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[ T]([0-9]{1,2})[:.]([0-9]{2})'
           '(?:[:.]([0-9]{2})(?:[.][0-9]+)?)?)?$')
       WHEN date_a ~ '^ *[0-9]{1,2}[- ][A-Za-z]' THEN
         (SELECT ARRAY[m[3], %(months)s::jsonb->>m[2], m[1], NULL, NULL, NULL]
          FROM regexp_match(lower(btrim(date_a)), '^([0-9]{1,2})[- ]([a-z]{3,10})[- ]([0-9]{4})$') AS m)
       ELSE (SELECT CASE WHEN %(month_first)s THEN ARRAY[m[3], m[1], m[2], m[4], m[5], m[6]]
                         ELSE ARRAY[m[3], m[2], m[1], m[4], m[5], m[6]] END
             FROM regexp_match(date_a, '^([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})'
               '(?:[ T]([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?)?$') AS m)
  END
"""
_MOMENT = """
  CASE WHEN p[1]::int BETWEEN 1950 AND 2150 AND p[2]::int BETWEEN 1 AND 12 AND p[3]::int BETWEEN 1 AND 31
        AND coalesce(p[4]::int, 0) < 24 AND coalesce(p[5]::int, 0) < 60 AND coalesce(p[6]::int, 0) < 60 THEN
    CASE WHEN p[3]::int <= extract(day FROM make_date(p[1]::int, p[2]::int, 1) + interval '1 month - 1 day') THEN
      make_timestamp(p[1]::int, p[2]::int, p[3]::int, coalesce(p[4]::int, 0), coalesce(p[5]::int, 0),
        coalesce(p[6]::int, 0))
    END
  END
"""
_HEAD = f"""
INSERT INTO history_head
SELECT number, (
    substr(n, 1, 8) || '-' || substr(n, 9, 4) || '-7' || substr(n, 13, 3) || substr(gen_random_uuid()::text, 19)
  )::uuid, r.first_row, b.id, c.id, u.user_id, r.moment, b.zone, r.lines, r.amount, r.discount, r.coupon
FROM (
  SELECT *, lpad(to_hex((extract(epoch FROM %(at)s::timestamptz) * 1000)::bigint * 4096
    + row_number() OVER (ORDER BY moment, first_row)), 15, '0') AS n
  FROM (SELECT *, {_MOMENT} AS moment FROM (SELECT *, {_PARTS} AS p FROM history_sale OFFSET 0) parts) moments
  WHERE number IS NOT NULL
) r
LEFT JOIN organization_branch b ON b.company_id = %(company)s::uuid
  AND b.code = coalesce(btrim(r.branch_a), %(branch)s::text)
LEFT JOIN parties_customer c ON c.company_id = %(company)s::uuid AND c.code = btrim(r.customer_a)
LEFT JOIN (
  SELECT DISTINCT ON (word) word, m.user_id
  FROM organization_membership m JOIN organization_user w ON w.id = m.user_id
  CROSS JOIN LATERAL (VALUES (lower(w.username)), (lower(w.email)), (lower(w.name))) AS v(word)
  WHERE m.company_id = %(company)s::uuid AND word <> '' ORDER BY word, m.user_id
) u ON u.word = lower(btrim(r.person_a))
"""
_SALE_FINDINGS = """
SELECT r.number, v.col, v.code, left(v.value, 200)
FROM history_head r JOIN history_sale s ON s.number = r.number
LEFT JOIN sales_historicalsale h ON h.company_id = %(company)s::uuid AND h.number = r.number
CROSS JOIN LATERAL (VALUES
  ('number', 'too_long', CASE WHEN length(r.number) > 40 THEN r.number END),
  ('number', 'unreadable', CASE WHEN strpos(r.number, %(nothing)s) > 0 THEN r.number END),
  ('number', 'exists', h.number),
  ('date', 'missing', CASE WHEN date_a IS NULL THEN '' END),
  ('date', 'not_a_day', CASE WHEN moment IS NULL THEN date_a END),
  ('date', 'in_future', CASE WHEN moment AT TIME ZONE coalesce(zone, 'UTC') > %(at)s::timestamptz THEN date_a END),
  ('date', 'differs', CASE WHEN date_a <> date_b THEN date_b END),
  ('branch', 'unknown', CASE WHEN r.branch_id IS NULL THEN coalesce(branch_a, '') END),
  ('branch', 'differs', CASE WHEN branch_a <> branch_b THEN branch_b END),
  ('customer', 'unknown', CASE WHEN r.customer_id IS NULL THEN customer_a END),
  ('customer', 'differs', CASE WHEN customer_a <> customer_b THEN customer_b END),
  ('salesperson', 'unknown', CASE WHEN person_id IS NULL THEN person_a END),
  ('salesperson', 'differs', CASE WHEN person_a <> person_b THEN person_b END),
  ('currency', 'wrong_currency', CASE WHEN upper(btrim(currency_a)) <> %(currency)s THEN currency_a
                                      WHEN upper(btrim(currency_b)) <> %(currency)s THEN currency_b END),
  ('amount', 'too_large', CASE WHEN abs(r.amount) >= 1e15 OR abs(r.discount) >= 1e15 THEN r.amount::text END)
) AS v(col, code, value)
WHERE v.value IS NOT NULL
"""


def _find_bad_sales(cursor: Any, stage: str, findings: str, names: dict[str, Any]) -> None:
    """What is wrong with a sale is wrong with each of its rows, so that all of them can be put right together."""
    cursor.execute(
        f"INSERT INTO {findings} SELECT row, 'number', 'missing', '' FROM {stage}"
        " WHERE nullif(btrim(number), '') IS NULL"
    )
    cursor.execute(f"INSERT INTO history_fault {_SALE_FINDINGS}", names)
    if cursor.rowcount:
        cursor.execute(
            f"INSERT INTO {findings} SELECT g.row, f.col, f.code, f.value FROM history_fault f"
            f" JOIN {stage} g ON btrim(g.number) = f.number"
        )


def _find_unknown_products(cursor: Any, stage: str, findings: str, names: dict[str, Any]) -> None:
    """Products that no list knows, each once; too many, or unreadable ones, are a mistake of the file."""
    cursor.execute(
        f"INSERT INTO history_unknown SELECT btrim(product), count(*) FROM {stage} s WHERE product IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM catalog_product p WHERE p.company_id = %(company)s::uuid"
        " AND p.sku = btrim(s.product)) GROUP BY 1",
        names,
    )
    cursor.execute("SELECT count(*) FROM history_unknown")
    unknown = cursor.fetchone()[0]
    if not unknown:
        return
    cursor.execute(f"SELECT count(DISTINCT product) FROM {stage}")
    too_many = unknown > MOST_PLACEHOLDERS and unknown > MOST_PLACEHOLDER_SHARE * cursor.fetchone()[0]
    cursor.execute(
        f"INSERT INTO {findings} SELECT row, 'product', CASE WHEN length(btrim(product)) > 60 THEN 'too_long'"
        " WHEN strpos(product, %(nothing)s) > 0 THEN 'unreadable' ELSE 'too_many_unknown' END, left(product, 200)"
        f" FROM {stage} s JOIN history_unknown u ON u.sku = btrim(s.product)"
        " WHERE %(too_many)s OR length(btrim(product)) > 60 OR strpos(product, %(nothing)s) > 0",
        {**names, "too_many": too_many},
    )


def _counts(cursor: Any) -> HistoryCounts:
    cursor.execute(
        "SELECT count(*), coalesce(sum(lines), 0), coalesce(sum(amount), 0), coalesce(sum(discount), 0),"
        " coalesce(sum(coupon), 0), min(moment)::date, max(moment)::date,"
        " count(*) FILTER (WHERE customer_id IS NULL), (SELECT coalesce(sum(not_positive), 0) FROM history_sale),"
        " (SELECT coalesce(sum(rounded), 0) FROM history_sale), (SELECT count(*) FROM history_unknown)"
        " FROM history_head"
    )
    sales, lines, total, discount, coupon, first, last, nobody, not_positive, rounded, unknown = cursor.fetchone()
    return HistoryCounts(
        sales=sales, lines=int(lines), total=str(total), discount=str(discount), coupon=str(coupon),
        first_day=first.isoformat() if first else "", last_day=last.isoformat() if last else "",
        not_positive=int(not_positive), rounded=int(rounded), placeholders=unknown, without_customer=nobody,
    )  # fmt: skip
