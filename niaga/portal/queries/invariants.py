"""What must hold of the portal at any moment; each statement returns the rows that break its promise."""

from niaga.core.registry import InvariantCheck

INVARIANTS = {
    "cases_of_their_customer": InvariantCheck(
        "What a customer told is about an invoice of theirs, and is settled by a payment of theirs.",
        """
        SELECT c.id FROM portal_portalcase c
          LEFT JOIN invoicing_invoice i ON i.id = c.invoice_id LEFT JOIN payments_payment p ON p.id = c.payment_id
         WHERE i.customer_id <> c.customer_id OR p.customer_id <> c.customer_id OR i.company_id <> c.company_id
        """,
    ),
    "ordered_for_themselves": InvariantCheck(
        "What a person ordered on a customer's pages is an order or quotation of that customer.",
        """
        SELECT p.id FROM portal_portalorder p LEFT JOIN sales_salesorder o ON o.id = p.order_id
          LEFT JOIN sales_quotation q ON q.id = p.quotation_id
         WHERE coalesce(o.customer_id, q.customer_id) <> p.customer_id
            OR coalesce(o.company_id, q.company_id) <> p.company_id
        """,
    ),
    "looked_with_access": InvariantCheck(
        "Who looked at the pages of a customer was invited to them before.",
        """
        SELECT v.id FROM portal_portalvisit v WHERE NOT EXISTS (
          SELECT FROM portal_portalaccess a WHERE a.person_id = v.person_id AND a.customer_id = v.customer_id
             AND a.invited_at <= v.at)
        """,
    ),
}
