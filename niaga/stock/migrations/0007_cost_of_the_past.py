"""What goods were worth as they moved before costs were kept, and the entries that this makes in the books.

The moves of each product are read in the order they were made, one by one and in little memory, and valued as
`stock.services.value_moves` does: at the cost they came in with, else the average so far, else the catalogue's cost.
Every receipt, delivery, correction and count gets its entry on its own day, or on the first day after it whose month
is open. What has its figures already is left alone, so that it may run again.
"""

from django.db import migrations

VALUE_MOVES = """
DO $$
DECLARE
  m record;
  product uuid;
  source uuid;
  quantity numeric; worth numeric; average numeric;
  q numeric; v numeric; a numeric; so_far numeric; each numeric; change numeric;
BEGIN
  CREATE TEMP TABLE valued_move (id uuid, unit_cost numeric, value numeric) ON COMMIT DROP;
  FOR m IN
    SELECT s.id, s.product_id, s.source_id, s.quantity, s.unit_cost, p.cost, p.company_id,
           CASE WHEN c.currency IN ('IDR', 'JPY', 'KRW', 'VND', 'CLP', 'ISK', 'UGX', 'XAF', 'XOF') THEN 0
                WHEN c.currency IN ('BHD', 'JOD', 'KWD', 'OMR', 'TND') THEN 3 ELSE 2 END AS digits
      FROM stock_stockmove s JOIN catalog_product p ON p.id = s.product_id
      JOIN organization_company c ON c.id = p.company_id
     WHERE s.reason <> 'transfer'
       AND NOT EXISTS (SELECT 1 FROM stock_stockcost k WHERE k.product_id = s.product_id)
     ORDER BY s.product_id, s.id
  LOOP
    IF product IS DISTINCT FROM m.product_id THEN
      product := m.product_id; source := NULL; quantity := 0; worth := 0; average := NULL;
      INSERT INTO stock_stockcost (id, company_id, product_id, quantity, value, average)
      VALUES (gen_random_uuid(), m.company_id, m.product_id, 0, 0, NULL);
    END IF;
    IF source IS DISTINCT FROM m.source_id THEN
      source := m.source_id; q := quantity; v := worth; a := average; so_far := 0;
    END IF;
    so_far := so_far + m.quantity;
    each := coalesce(m.unit_cost, a, m.cost);
    IF m.quantity > 0 THEN
      change := round(m.quantity * coalesce(each, 0), m.digits);
    ELSIF quantity + m.quantity <= 0 THEN
      change := -worth;
    ELSE
      change := round(v * so_far / q, m.digits) - round(v * (so_far - m.quantity) / q, m.digits);
    END IF;
    quantity := quantity + m.quantity; worth := worth + change;
    IF quantity > 0 AND (average IS NOT NULL OR (m.quantity > 0 AND each IS NOT NULL)) THEN
      average := round(worth / quantity, 6);
    END IF;
    INSERT INTO valued_move VALUES (
      m.id, CASE WHEN m.quantity > 0 AND m.unit_cost IS NOT NULL THEN m.unit_cost
                 ELSE round(change / m.quantity, 6) END, change);
    UPDATE stock_stockcost k SET quantity = q2.quantity, value = q2.value, average = q2.average
      FROM (SELECT greatest(quantity, 0) AS quantity, worth AS value, average AS average) q2
     WHERE k.product_id = product;
  END LOOP;
  ALTER TABLE stock_stockmove DISABLE TRIGGER USER;
  UPDATE stock_stockmove s SET value = t.value, unit_cost = t.unit_cost FROM valued_move t
   WHERE t.id = s.id AND (s.value, s.unit_cost) IS DISTINCT FROM (t.value, t.unit_cost);
  ALTER TABLE stock_stockmove ENABLE TRIGGER USER;
  DROP TABLE valued_move;
END $$;
"""

POST_ENTRIES = """
DO $$
BEGIN
  CREATE TEMP TABLE past_entry ON COMMIT DROP AS
  SELECT gen_random_uuid() AS entry_id, g.*,
         (SELECT min(d.day) FROM (
            SELECT g.day UNION ALL
            SELECT p.ends + 1 FROM ledger_fiscalperiod p
             WHERE p.company_id = g.company_id AND p.closed_at IS NOT NULL AND p.ends >= g.day) d
           WHERE NOT EXISTS (SELECT 1 FROM ledger_fiscalperiod p
                              WHERE p.company_id = g.company_id AND p.closed_at IS NOT NULL
                                AND d.day BETWEEN p.starts AND p.ends)) AS date
    FROM (
      SELECT s.company_id, s.source_kind, s.source_id, w.branch_id, c.currency,
             (min(s.at) AT TIME ZONE b.zone)::date AS day,
             CASE WHEN s.source_kind = 'delivery' THEN 'shipment'
                  WHEN s.reason = 'opening' OR (s.source_kind = 'receipt' AND (
                       r.reference IN ('Opening stock', 'Stok awal') OR r.supplier = 'Stok awal')) THEN 'opening'
                  WHEN s.source_kind = 'receipt' THEN 'receipt' ELSE 'adjustment' END AS reason,
             coalesce(max(d.number), max(r.number), max(j.number), '') AS number,
             coalesce(sum(s.value) FILTER (WHERE s.quantity > 0), 0) AS came,
             -coalesce(sum(s.value) FILTER (WHERE s.quantity < 0), 0) AS went
        FROM stock_stockmove s
        JOIN stock_warehouse w ON w.id = s.warehouse_id
        JOIN organization_branch b ON b.id = w.branch_id
        JOIN organization_company c ON c.id = s.company_id
        LEFT JOIN stock_delivery d ON s.source_kind = 'delivery' AND d.id = s.source_id
        LEFT JOIN stock_receipt r ON s.source_kind = 'receipt' AND r.id = s.source_id
        LEFT JOIN stock_adjustment j ON s.source_kind IN ('adjustment', 'count') AND j.id = s.source_id
       WHERE s.reason <> 'transfer'
         AND NOT EXISTS (SELECT 1 FROM ledger_journalentry e WHERE e.source_id = s.source_id
                            AND e.source_kind = s.source_kind)
         AND EXISTS (SELECT 1 FROM ledger_roleaccount a WHERE a.company_id = s.company_id AND a.role = 'inventory')
       GROUP BY s.company_id, s.source_kind, s.source_id, w.branch_id, c.currency, b.zone, 7
      HAVING bool_or(s.value <> 0)) g;
  INSERT INTO ledger_journalentry (id, company_id, branch_id, date, source_kind, source_id, number, currency,
                                   posted_by, posted_at)
  SELECT entry_id, company_id, branch_id, date, source_kind, source_id, number, currency, NULL, now() FROM past_entry;
  INSERT INTO ledger_journalline (id, entry_id, account_id, role, amount)
  SELECT gen_random_uuid(), t.entry_id, a.account_id, t.role, t.amount
    FROM (
      SELECT e.entry_id, e.company_id, l.role, sum(l.amount) AS amount
        FROM past_entry e
        JOIN (VALUES ('receipt', 'goods_received', 'goods_received'), ('opening', 'opening_stock', 'opening_stock'),
                     ('shipment', 'cost_of_sales', 'cost_of_sales'), ('adjustment', 'stock_gain', 'stock_loss'))
             AS k(reason, into_, out_of) ON k.reason = e.reason
       CROSS JOIN LATERAL (VALUES ('inventory', e.came - e.went), (k.into_, -e.came), (k.out_of, e.went))
             AS l(role, amount)
       GROUP BY 1, 2, 3) t
    JOIN ledger_roleaccount a ON a.company_id = t.company_id AND a.role = t.role
   WHERE t.amount <> 0;
  DROP TABLE past_entry;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0009_stock_in_the_books"),
        ("stock", "0006_moving_cost"),
    ]

    operations = [
        migrations.RunSQL(VALUE_MOVES, migrations.RunSQL.noop),
        migrations.RunSQL(POST_ENTRIES, migrations.RunSQL.noop),
    ]
