from niaga.invoicing.services.allocate_credit import allocate_credit
from niaga.invoicing.services.change_draft import change_draft
from niaga.invoicing.services.issue_invoice import issue_invoice

__all__ = ["allocate_credit", "change_draft", "issue_invoice"]
