from niaga.ledger.services.close_period import close_period
from niaga.ledger.services.open_books import open_books
from niaga.ledger.services.post_entry import post_entry
from niaga.ledger.services.reopen_period import reopen_period

__all__ = ["close_period", "open_books", "post_entry", "reopen_period"]
