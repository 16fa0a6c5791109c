"""What must hold of quotations and orders at any moment; each statement returns the rows that break its promise."""

from niaga.core.registry import InvariantCheck
from niaga.sales.queries.needs import NEEDS

_SUMS = """
SELECT d.id, d.number, d.net, d.tax, coalesce(s.net, 0) AS lines_net, coalesce(s.tax, 0) AS lines_tax,
       d.luxury_tax, coalesce(s.luxury_tax, 0) AS lines_luxury_tax
  FROM {table} d LEFT JOIN (SELECT {key} AS id, sum(net) AS net, sum(tax) AS tax,
                                           sum(luxury_tax) AS luxury_tax FROM {lines} WHERE {counted} GROUP BY 1) s
                                 USING (id)
 WHERE d.net <> coalesce(s.net, 0) OR d.tax <> coalesce(s.tax, 0)
    OR d.luxury_tax <> coalesce(s.luxury_tax, 0) OR d.total <> d.net + d.tax + d.luxury_tax + d.rounding
"""

_APPROVED = """
SELECT e.id, e.subject_kind, e.subject_id, e.verb, n.rule ->> 'id' AS rule
  FROM core_auditentry e CROSS JOIN LATERAL jsonb_array_elements(e.data -> 'approvals') AS n(rule)
  LEFT JOIN sales_salesorder o ON o.id = e.subject_id
 WHERE e.verb IN ('send', 'confirm') AND e.data ? 'approvals'
   AND NOT EXISTS (
     SELECT 1 FROM approvals_approvalrequest r CROSS JOIN LATERAL jsonb_array_elements(r.rules) AS k(rule)
      WHERE r.subject_id IN (e.subject_id, o.quotation_id) AND r.status = 'approved' AND r.settled_at <= e.at
        AND k.rule ->> 'id' = n.rule ->> 'id' AND k.rule -> 'revision' = n.rule -> 'revision')
"""

INVARIANTS = {
    "bound_with_approval": InvariantCheck(
        "What was sent or confirmed under an approval rule had its yes before.", _APPROVED
    ),
    "nothing_waits_that_is_bound": InvariantCheck(
        "No order that is closed or cancelled, and no offer that is answered or over, waits for an approval.",
        """
        SELECT r.id, r.number FROM approvals_approvalrequest r
          LEFT JOIN sales_quotation q ON q.id = r.subject_id LEFT JOIN sales_salesorder o ON o.id = r.subject_id
         WHERE r.status = 'waiting'
           AND (q.status NOT IN ('draft', 'sent') OR o.status IN ('closed', 'cancelled'))
        """,
    ),
    "substitutes_are_lines_of_their_order": InvariantCheck(
        "What went in place of missing goods is a line of that order, of the substitute, and keeps to its company.",
        """
        SELECT s.id, o.number FROM sales_substitution s
          JOIN sales_salesorder o ON o.id = s.order_id JOIN stock_delivery d ON d.id = s.delivery_id
          JOIN catalog_product p ON p.id = s.product_id JOIN catalog_product q ON q.id = s.substitute_id
          LEFT JOIN sales_salesorderline l ON l.id = s.new_line_id
         WHERE l.order_id <> s.order_id OR l.product_id <> s.substitute_id
            OR s.company_id <> ALL (ARRAY[o.company_id, d.company_id, p.company_id, q.company_id])
        """,
    ),
    "points_of_orders": InvariantCheck(
        "What points take off an order is the sum of its lines', and a promise uses the points that it names.",
        """
        SELECT o.id, o.number, o.points_used, o.points_amount FROM sales_salesorder o
          LEFT JOIN LATERAL (SELECT coalesce(sum(l.points_discount), 0) AS amount FROM sales_salesorderline l
                              WHERE l.order_id = o.id) l ON true
          LEFT JOIN LATERAL (SELECT coalesce(-sum(e.points), 0) AS used FROM pricing_pointsentry e
                              WHERE e.subject_id = o.id AND e.of_id IS NULL AND e.kind IN ('burn', 'give_back')) e
                 ON true
         WHERE (o.points_used > 0 OR o.points_amount > 0)
           AND (o.points_amount <> l.amount OR (o.status IN ('confirmed', 'closed') AND o.points_used <> e.used))
        """,
    ),
    "quotation_lines": InvariantCheck(
        "A quotation's net and tax are those of its chosen lines, and its total adds up.",
        _SUMS.format(table="sales_quotation", lines="sales_quotationline", key="quotation_id", counted="is_chosen"),
    ),
    "order_lines": InvariantCheck(
        "An order's net and tax are those of its lines, and its total adds up.",
        _SUMS.format(table="sales_salesorder", lines="sales_salesorderline", key="order_id", counted="true"),
    ),
    "order_deliveries": InvariantCheck(
        "What an order line has in deliveries and has shipped are the sums of its delivery lines.",
        """
        SELECT l.id, l.order_id, l.in_delivery, l.shipped, coalesce(s.planned, 0) AS linked, coalesce(s.gone, 0) AS gone
          FROM sales_salesorderline l LEFT JOIN (
            SELECT k.order_line_id AS id, sum(k.quantity) FILTER (WHERE d.status <> 'cancelled') AS planned,
                   sum(k.quantity) FILTER (WHERE d.status IN ('shipped', 'delivered')) AS gone
              FROM sales_orderlinedelivery k JOIN stock_deliveryline v ON v.id = k.delivery_line_id
              JOIN stock_delivery d ON d.id = v.delivery_id GROUP BY 1) s USING (id)
         WHERE l.in_delivery <> coalesce(s.planned, 0) OR l.shipped <> coalesce(s.gone, 0)
        """,
    ),
    "order_invoices": InvariantCheck(
        "What an order line has in invoices is the sum of its invoice lines.",
        """
        SELECT l.id, l.order_id, l.invoiced, coalesce(s.billed, 0) AS linked
          FROM sales_salesorderline l LEFT JOIN (
            SELECT k.order_line_id AS id, sum(k.quantity) AS billed
              FROM sales_orderlineinvoice k JOIN invoicing_invoiceline v ON v.id = k.invoice_line_id
              JOIN invoicing_invoice i ON i.id = v.invoice_id
             WHERE i.status <> 'discarded' GROUP BY 1) s USING (id)
         WHERE l.invoiced <> coalesce(s.billed, 0)
        """,
    ),
    "billed_by_itself": InvariantCheck(
        "A cause of billing that is done has its invoice or says why not, and its invoice bills orders of that cause"
        " only.",
        """
        SELECT c.id, c.key FROM sales_billingcause c
         WHERE (c.done_at IS NOT NULL AND c.invoice_id IS NULL AND c.code = '')
            OR EXISTS (SELECT 1 FROM sales_orderlineinvoice k
                         JOIN sales_salesorderline l ON l.id = k.order_line_id
                         JOIN invoicing_invoiceline v ON v.id = k.invoice_line_id
                        WHERE v.invoice_id = c.invoice_id AND NOT c.order_ids ? (l.order_id::text))
        """,
    ),
    "recurring_periods": InvariantCheck(
        "Periods of a recurring plan are numbered without a gap and without an overlap, and each invoice by a plan"
        " is of one of them.",
        """
        SELECT p.id FROM sales_recurringplan p
          LEFT JOIN (SELECT plan_id, count(*) AS made, max(number) AS top FROM sales_recurringperiod GROUP BY 1) m
                 ON m.plan_id = p.id
         WHERE coalesce(m.made, 0) <> p.next_number - 1 OR coalesce(m.top, 0) <> p.next_number - 1
        UNION ALL
        SELECT a.plan_id FROM sales_recurringperiod a JOIN sales_recurringperiod b
            ON b.plan_id = a.plan_id AND b.number = a.number + 1 WHERE b.first <= a.last
        UNION ALL
        SELECT c.id FROM sales_billingcause c LEFT JOIN sales_recurringperiod r ON r.cause_id = c.id
         WHERE c.kind = 'recurring'
           AND (r.id IS NULL OR (c.invoice_id IS NOT NULL AND NOT c.order_ids ? (r.order_id::text)))
        """,
    ),
    "milestones_make_the_order": InvariantCheck(
        "Milestones of an order are percentages that make 100, or amounts, numbered from one on.",
        """
        SELECT order_id, sum(percent) AS percent, count(*) FROM sales_milestone GROUP BY order_id
        HAVING (count(percent) > 0 AND (sum(percent) <> 100 OR count(amount) > 0)) OR max(position) <> count(*)
            OR count(*) < 2
        """,
    ),
    "order_progress": InvariantCheck(
        "The delivery progress of a confirmed order is that of its lines.",
        """
        SELECT o.id, o.number, o.delivery_progress, s.reached FROM sales_salesorder o JOIN (
          SELECT order_id, CASE WHEN bool_and(shipped >= quantity - cancelled) THEN 'done'
                                WHEN bool_or(shipped > 0) THEN 'partial' ELSE 'none' END AS reached
            FROM sales_salesorderline WHERE product_id IS NOT NULL AND kind = 'item' GROUP BY 1) s ON s.order_id = o.id
         WHERE o.status IN ('confirmed', 'closed') AND o.delivery_progress <> s.reached
        """,
    ),
    "open_order_credit": InvariantCheck(
        "A customer's open-order credit is what their confirmed orders and the drafts of invoices of them still hold.",
        """
        SELECT a.customer_id, a.orders, coalesce(o.held, 0) + coalesce(i.held, 0) AS explained
          FROM parties_creditaccount a
          LEFT JOIN (SELECT customer_id, sum(exposure) AS held FROM sales_salesorder
                      WHERE status IN ('confirmed', 'closed') GROUP BY 1) o ON o.customer_id = a.customer_id
          LEFT JOIN (SELECT customer_id, sum(open_order_amount) AS held FROM invoicing_invoice
                      WHERE status = 'draft' GROUP BY 1) i ON i.customer_id = a.customer_id
         WHERE a.orders <> coalesce(o.held, 0) + coalesce(i.held, 0)
        """,
    ),
    "held_for_orders": InvariantCheck(
        "Stock is held only for lines of confirmed orders, and never more than they still wait for.",
        f"""
        SELECT r.source_id, r.line_id, r.product_id, r.quantity AS held, n.base AS asked
          FROM stock_reservation r LEFT JOIN ({NEEDS.format(lines="sales_salesorderline")}) n
            ON n.line_id = r.line_id AND n.product_id = r.product_id
          LEFT JOIN sales_salesorder o ON o.id = n.order_id
         WHERE r.source_kind = 'order' AND r.quantity > 0
           AND (coalesce(o.status, '') <> 'confirmed' OR r.quantity > n.base)
        """,
    ),
    "planned_is_held": InvariantCheck(
        "What a delivery that has not left takes of the stock is held for its order: of a bundle, every part.",
        """
        SELECT v.delivery_id, g.reservation_id, sum(g.base) AS planned, r.quantity AS held
          FROM stock_deliveryline v JOIN stock_delivery d ON d.id = v.delivery_id
         CROSS JOIN LATERAL (
           SELECT v.reservation_id, v.quantity * v.factor AS base WHERE v.reservation_id IS NOT NULL
           UNION ALL
           SELECT p.reservation_id, v.quantity * v.factor * p.quantity FROM stock_deliverypart p
            WHERE p.line_id = v.id AND p.reservation_id IS NOT NULL) g
          JOIN stock_reservation r ON r.id = g.reservation_id
         WHERE d.status IN ('draft', 'picking')
         GROUP BY v.delivery_id, g.reservation_id, r.quantity
        HAVING sum(g.base) > r.quantity
        """,
    ),
    "delivered_by_parts": InvariantCheck(
        "A bundle leaves with the parts that its order line promised.",
        """
        SELECT v.delivery_id, v.id, l.parts, s.parts
          FROM sales_orderlinedelivery k JOIN sales_salesorderline l ON l.id = k.order_line_id
          JOIN stock_deliveryline v ON v.id = k.delivery_line_id
          LEFT JOIN LATERAL (SELECT jsonb_object_agg(p.product_id, p.quantity) AS parts FROM stock_deliverypart p
                              WHERE p.line_id = v.id) s ON true
          LEFT JOIN LATERAL (SELECT jsonb_object_agg(e ->> 'product_id', (e ->> 'quantity')::numeric) AS parts
                               FROM jsonb_array_elements(l.parts) e) w ON true
         WHERE w.parts IS DISTINCT FROM s.parts
        """,
    ),
    "what_waits_is_claimed": InvariantCheck(
        "What a confirmed order needs and does not hold, and nothing else, is claimed of goods that are to come.",
        f"""
        SELECT coalesce(w.order_id, a.source_id), coalesce(w.line_id, a.line_id), w.gap, a.quantity
          FROM (SELECT n.order_id, n.line_id, n.product_id, n.base - coalesce((
                         SELECT sum(r.quantity) FROM stock_reservation r
                          WHERE r.source_id = n.order_id AND r.line_id = n.line_id
                            AND r.product_id = n.product_id), 0) AS gap
                  FROM ({
            NEEDS.format(
                lines="(SELECT i.* FROM sales_salesorderline i JOIN sales_salesorder o"
                " ON o.id = i.order_id WHERE o.status = 'confirmed')"
            )
        }) n) w
          FULL JOIN stock_awaited a
            ON a.source_id = w.order_id AND a.line_id = w.line_id AND a.product_id = w.product_id
         WHERE greatest(coalesce(w.gap, 0), 0) <> coalesce(a.quantity, 0)
        """,
    ),
    "days_are_told": InvariantCheck(
        "What a customer was told of promised days has its mail or message, once; what is over is told no more.",
        """
        SELECT n.id, n.order_id, n.state FROM sales_daynotice n
         WHERE (n.state = 'told') <> (n.email_id IS NOT NULL OR n.whatsapp_id IS NOT NULL)
            OR (n.email_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM messaging_email e WHERE e.id = n.email_id))
            OR (n.whatsapp_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM messaging_whatsappmessage w WHERE w.id = n.whatsapp_id))
            OR (SELECT count(*) FROM messaging_email e WHERE e.id = n.email_id) > 1
        """,
    ),
    "direct_is_asked_for": InvariantCheck(
        "What order lines count on from suppliers is what open drop-ships still ask for, on confirmed orders only.",
        """
        SELECT l.id, l.order_id, l.direct, s.open FROM sales_salesorderline l
          JOIN sales_salesorder o ON o.id = l.order_id
          LEFT JOIN (SELECT x.order_line_id, sum(x.quantity - x.shipped - x.cancelled) AS open
                       FROM sales_dropshipline x JOIN sales_dropship d ON d.id = x.drop_ship_id
                      WHERE d.status IN ('asked', 'sent', 'confirmed') GROUP BY 1) s ON s.order_line_id = l.id
         WHERE l.direct <> coalesce(s.open, 0) OR (l.direct > 0 AND o.status <> 'confirmed')
         UNION ALL
        SELECT d.id, d.order_id, x.quantity, x.shipped FROM sales_dropshipline x
          JOIN sales_dropship d ON d.id = x.drop_ship_id
         WHERE d.status IN ('shipped', 'cancelled') AND x.quantity <> x.shipped + x.cancelled
        """,
    ),
    "drop_shipped_is_received": InvariantCheck(
        "What suppliers sent straight to customers was received of them and delivered, each piece once.",
        """
        SELECT x.id, x.drop_ship_id, x.shipped, e.received, v.delivered FROM sales_dropshipline x
          JOIN sales_salesorderline l ON l.id = x.order_line_id
          JOIN stock_expectedreceiptline e ON e.id = x.expected_line_id
          LEFT JOIN LATERAL (
            SELECT sum(k.quantity) AS delivered FROM sales_dropshipdelivery g
              JOIN stock_deliveryline n ON n.delivery_id = g.delivery_id
              JOIN sales_orderlinedelivery k ON k.delivery_line_id = n.id AND k.order_line_id = x.order_line_id
             WHERE g.drop_ship_id = x.drop_ship_id) v ON true
         WHERE x.shipped <> coalesce(v.delivered, 0) OR e.received <> x.shipped * l.factor
        """,
    ),
    "accepted_has_order": InvariantCheck(
        "An accepted quotation has its answer and its order.",
        """
        SELECT q.id, q.number FROM sales_quotation q
         WHERE q.status = 'accepted'
           AND (NOT EXISTS (SELECT 1 FROM sales_quotationanswer a WHERE a.quotation_id = q.id AND a.accepted)
                OR NOT EXISTS (SELECT 1 FROM sales_salesorder o WHERE o.quotation_id = q.id))
        """,
    ),
}
