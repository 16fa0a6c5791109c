from niaga.ledger.models.account import Account, AccountRole, FiscalPeriod, RoleAccount
from niaga.ledger.models.export import JournalExport
from niaga.ledger.models.journal import JournalEntry, JournalLine
from niaga.ledger.models.profile import JournalProfile

__all__ = [
    "Account", "AccountRole", "FiscalPeriod", "JournalEntry", "JournalExport", "JournalLine", "JournalProfile",
    "RoleAccount",
]  # fmt: skip
