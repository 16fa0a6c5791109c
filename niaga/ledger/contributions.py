"""What the ledger adds: its place among the settings, and the promises that the books keep."""

from django.utils.translation import gettext_lazy as _

from niaga.core.registry import InvariantCheck, invariants
from niaga.organization.access import access_of
from niaga.ui.registry import SettingsGroup, SettingsPlace, settings_places


def contribute() -> None:
    settings_places.add(
        SettingsPlace(
            key="books", label=_("Books"), text=_("Trial balance, closing months, accounts, files for the accountant"),
            icon="book-open", url_name="ledger:trial_balance", group=SettingsGroup.COMPANY, order=200,
            allowed=lambda request: access_of(request.user).allows("ledger", "view"),
        )
    )  # fmt: skip
    for name, promise, sql in _PROMISES:
        invariants.add(name, InvariantCheck(promise=promise, sql=sql))


_PROMISES = (
    (
        "journal_entries_balance",
        "The debits of every journal entry are its credits.",
        """
        SELECT e.id, e.number, sum(l.amount) FROM ledger_journalentry e
          LEFT JOIN ledger_journalline l ON l.entry_id = e.id
         GROUP BY e.id, e.number HAVING coalesce(sum(l.amount), 0) <> 0
        """,
    ),
    (
        "journal_accounts_are_of_the_entry's_company",
        "A journal entry names accounts of its own company only, and so does what plays a role.",
        """
        SELECT e.id, e.number, a.code FROM ledger_journalline l JOIN ledger_journalentry e ON e.id = l.entry_id
          JOIN ledger_account a ON a.id = l.account_id WHERE a.company_id <> e.company_id
        UNION ALL
        SELECT r.id, r.role, a.code FROM ledger_roleaccount r JOIN ledger_account a ON a.id = r.account_id
         WHERE a.company_id <> r.company_id
        """,
    ),
    (
        "receivables_are_what_is_open",
        "What is booked as receivable is what is open on a company's invoices less what credit notes have left.",
        """
        SELECT j.company_id, j.booked, b.open FROM (
          SELECT r.company_id, coalesce(sum(l.amount), 0) AS booked FROM ledger_roleaccount r
            LEFT JOIN (ledger_account a JOIN ledger_journalline l ON l.account_id = a.id AND l.role = 'receivable')
              ON a.company_id = r.company_id WHERE r.role = 'receivable' GROUP BY 1) j
          LEFT JOIN (
          SELECT company_id, sum(CASE WHEN kind = 'credit_note' THEN base_allocated - base_total
                                      ELSE base_total - base_allocated END) AS open
            FROM invoicing_invoicebalance GROUP BY 1) b ON b.company_id = j.company_id
         WHERE j.booked <> coalesce(b.open, 0)
        """,
    ),
    (
        "advances_are_what_customers_paid_ahead",
        "What is booked as advances is what payments have left and what down payments are not yet taken off.",
        """
        SELECT j.company_id, j.booked, p.advances, d.down FROM (
          SELECT r.company_id, coalesce(sum(l.amount), 0) AS booked FROM ledger_roleaccount r
            LEFT JOIN (ledger_account a JOIN ledger_journalline l ON l.account_id = a.id AND l.role = 'advances')
              ON a.company_id = r.company_id WHERE r.role = 'advances' GROUP BY 1) j
          LEFT JOIN (SELECT company_id, sum(base_amount - base_allocated) AS advances FROM payments_payment
                      WHERE status = 'recorded' GROUP BY 1) p ON p.company_id = j.company_id
          LEFT JOIN (SELECT company_id, sum(CASE WHEN kind = 'credit_note' THEN advance_base ELSE -advance_base END)
                            AS down FROM invoicing_invoice WHERE status = 'issued' GROUP BY 1) d
            ON d.company_id = j.company_id
         WHERE -j.booked <> coalesce(p.advances, 0) + coalesce(d.down, 0)
        """,
    ),
)
