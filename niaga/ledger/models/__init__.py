from niaga.ledger.models.account import Account, FiscalPeriod
from niaga.ledger.models.journal import JournalEntry, JournalLine

__all__ = ["Account", "FiscalPeriod", "JournalEntry", "JournalLine"]
