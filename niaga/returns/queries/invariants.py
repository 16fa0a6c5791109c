"""What must hold of returns at any moment; each statement returns the rows that break its promise."""

from niaga.core.registry import InvariantCheck

INVARIANTS = {
    "never_more_than_shipped": InvariantCheck(
        "Of no order line more came back, or is on its way back, than was shipped; of a bundle, of none of its parts.",
        """
        SELECT l.id, l.shipped, w.whole, p.product_id, p.held FROM sales_salesorderline l
          JOIN (SELECT order_line_id, sum(held) FILTER (WHERE part_each IS NULL) AS whole FROM returns_returnline
                 GROUP BY 1) w ON w.order_line_id = l.id
          LEFT JOIN (SELECT order_line_id, product_id, part_each, sum(held) AS held FROM returns_returnline
                      WHERE part_each IS NOT NULL GROUP BY 1, 2, 3) p ON p.order_line_id = l.id
         WHERE coalesce(w.whole, 0) > l.shipped
            OR p.held + coalesce(w.whole, 0) * p.part_each > l.shipped * p.part_each
        """,
    ),
    "gifts_are_charged_once": InvariantCheck(
        "Of no gift more came back, is on its way back or was charged than was given.",
        """
        SELECT l.id, l.shipped, k.quantity, coalesce(h.held, 0) FROM sales_salesorderline l
          JOIN (SELECT order_line_id, sum(quantity) AS quantity FROM returns_keptgift GROUP BY 1) k
            ON k.order_line_id = l.id
          LEFT JOIN (SELECT order_line_id, sum(held) AS held FROM returns_returnline GROUP BY 1) h
            ON h.order_line_id = l.id
         WHERE l.gift_of_id IS NULL OR k.quantity + coalesce(h.held, 0) > l.shipped
        """,
    ),
    "received_is_the_sum_of_receipts": InvariantCheck(
        "What was received of a return line is the sum of its receipts, and of what a supplier answered.",
        """
        SELECT x.id, x.received, r.quantity, a.quantity FROM returns_returnline x
          LEFT JOIN (SELECT line_id, sum(quantity) AS quantity FROM returns_returnreceiptline GROUP BY 1) r
            ON r.line_id = x.id
          LEFT JOIN (SELECT line_id, sum(accepted + refused) AS quantity FROM returns_supplieranswerline GROUP BY 1) a
            ON a.line_id = x.id
         WHERE x.received <> coalesce(r.quantity, 0) + coalesce(a.quantity, 0)
        """,
    ),
    "became_what_was_inspected": InvariantCheck(
        "What became of returned goods is the sum of what inspections and suppliers said.",
        """
        SELECT x.id FROM returns_returnline x LEFT JOIN (
          SELECT line_id, sum(quantity) FILTER (WHERE outcome = 'restock') AS restocked,
                 sum(quantity) FILTER (WHERE outcome = 'scrap') AS scrapped,
                 sum(quantity) FILTER (WHERE outcome = 'send_back') AS sent_back,
                 sum(quantity) FILTER (WHERE outcome = 'to_supplier') AS at_supplier,
                 coalesce(sum(quantity) FILTER (WHERE outcome = 'refurbish'), 0)
                   - coalesce(sum(quantity) FILTER (WHERE from_refurbishing), 0) AS refurbishing
            FROM returns_returninspection GROUP BY 1) i ON i.line_id = x.id
          LEFT JOIN (SELECT line_id, sum(accepted) AS accepted,
                            sum(refused) FILTER (WHERE refused_to = 'customer') AS sent_back
                       FROM returns_supplieranswerline GROUP BY 1) a ON a.line_id = x.id
         WHERE (x.restocked, x.scrapped, x.sent_back, x.refurbishing, x.at_supplier)
            <> (coalesce(i.restocked, 0), coalesce(i.scrapped, 0), coalesce(i.sent_back, 0) + coalesce(a.sent_back, 0),
                coalesce(i.refurbishing, 0), coalesce(i.at_supplier, 0) + coalesce(a.accepted, 0))
        """,
    ),
    "quarantine_is_held": InvariantCheck(
        "Stock is held for returns exactly as much as came and nobody decided on, or is being refurbished.",
        """
        SELECT x.id, x.part_each, h.held FROM returns_returnline x
          LEFT JOIN (SELECT line_id, sum(quantity) AS held FROM stock_reservation WHERE source_kind = 'return'
                      GROUP BY 1) h ON h.line_id = x.id
          LEFT JOIN sales_salesorderline l ON l.id = x.order_line_id
         CROSS JOIN LATERAL (
           SELECT (x.received - x.restocked - x.scrapped - x.sent_back - x.at_supplier) * x.factor * CASE
             WHEN x.part_each IS NOT NULL OR coalesce(l.parts, '[]') = '[]'::jsonb THEN 1
             ELSE (SELECT sum((e ->> 'quantity')::numeric) FROM jsonb_array_elements(l.parts) e
                    WHERE (e ->> 'is_stocked')::boolean) END AS base) b
         WHERE coalesce(h.held, 0) <> b.base
        """,
    ),
    "lines_are_of_the_return's_order": InvariantCheck(
        "A return without a document has no line of an order; of any other every line is one of its order.",
        """
        SELECT x.id, x.rma_id FROM returns_returnline x JOIN returns_return r ON r.id = x.rma_id
          LEFT JOIN sales_salesorderline l ON l.id = x.order_line_id WHERE r.order_id IS DISTINCT FROM l.order_id
        """,
    ),
    "unknown_sales_lessen_no_tax": InvariantCheck(
        "A credit note that corrects no invoice bears no tax.",
        """
        SELECT i.id, i.number FROM returns_returncreditnote n JOIN invoicing_invoice i ON i.id = n.credit_note_id
         WHERE i.credits_id IS NULL AND (i.tax <> 0 OR i.luxury_tax <> 0)
        """,
    ),
    "suppliers_owe_what_the_books_say": InvariantCheck(
        "What suppliers owe for goods that went back to them is what the books hold of it.",
        """
        SELECT coalesce(b.company_id, o.company_id), b.amount, o.amount FROM (
          SELECT e.company_id, sum(l.amount) AS amount FROM ledger_journalline l
            JOIN ledger_journalentry e ON e.id = l.entry_id WHERE l.role = 'supplier_credits' GROUP BY 1) b
          FULL JOIN (
          SELECT c.company_id, sum(c.amount - coalesce(r.amount, 0)) AS amount FROM returns_suppliercredit c
            LEFT JOIN (SELECT credit_id, sum(amount) AS amount FROM returns_suppliercreditreceipt GROUP BY 1) r
              ON r.credit_id = c.id GROUP BY 1) o ON o.company_id = b.company_id
         WHERE coalesce(b.amount, 0) <> coalesce(o.amount, 0)
        """,
    ),
    "no_more_credited_than_a_supplier_owes": InvariantCheck(
        "Of nothing a supplier owes more was credited than that.",
        """
        SELECT c.id, c.amount, sum(r.amount) FROM returns_suppliercredit c
          JOIN returns_suppliercreditreceipt r ON r.credit_id = c.id GROUP BY c.id HAVING sum(r.amount) > c.amount
        """,
    ),
    "settled_has_a_settlement": InvariantCheck(
        "A return is settled exactly when its settlement is there, and its credit notes are issued.",
        """
        SELECT r.id, r.number FROM returns_return r LEFT JOIN returns_returnsettlement s ON s.rma_id = r.id
         WHERE (r.status = 'settled') <> (s.id IS NOT NULL)
         UNION ALL
        SELECT s.rma_id, i.number FROM returns_returncreditnote n JOIN returns_returnsettlement s
            ON s.id = n.settlement_id JOIN invoicing_invoice i ON i.id = n.credit_note_id WHERE i.status <> 'issued'
        """,
    ),
}
