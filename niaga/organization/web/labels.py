"""What roles, rights and reaches are called on screen."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from niaga.organization.models import Role

ROLES = {
    "salesperson": _("Salesperson"),
    "sales_manager": _("Sales manager"),
    "sales_admin": _("Sales admin"),
    "warehouse": _("Warehouse"),
    "finance": _("Finance"),
    "cashier": _("Cashier"),
    "driver": _("Driver"),
    "owner": _("Owner"),
    "administrator": _("Administrator"),
    "auditor": _("Auditor"),
}
KINDS = {
    "customer": _("Customers"),
    "product": _("Products"),
    "price_list": _("Prices"),
    "quotation": _("Quotations"),
    "order": _("Sales orders"),
    "delivery": _("Deliveries"),
    "stock": _("Stock"),
    "invoice": _("Invoices"),
    "payment": _("Payments"),
    "bank": _("Bank statements"),
    "return": _("Returns"),
    "historical_sale": _("Sales history"),
    "approval": _("Approvals"),
    "email": _("E-mail"),
    "import": _("Imports"),
    "report": _("Reports"),
    "loyalty": _("Loyalty"),
    "tax_filing": _("Tax invoices"),
    "exchange_rate": _("Exchange rates"),
    "ledger": _("Books"),
    "period": _("Periods"),
    "portal": _("Customer portal"),
    "setting": _("Settings"),
    "user": _("Users"),
}
ACTIONS = {
    "view": _("See"),
    "create": _("Create"),
    "change": _("Change"),
    "archive": _("Archive"),
    "credit": _("Credit"),
    "see_cost": _("See cost and margin"),
    "undo": _("Undo"),
    "export": _("Export"),
    "discard": _("Discard drafts"),
    "send": _("Send"),
    "accept": _("Accept for the customer"),
    "confirm": _("Confirm"),
    "amend": _("Amend"),
    "decide": _("Decide"),
    "cancel": _("Cancel"),
    "ship": _("Ship"),
    "drive": _("Bring, on the phone"),
    "deliver": _("Hand over"),
    "record": _("Record"),
    "reverse": _("Reverse"),
    "refund": _("Refund"),
    "write_off": _("Write off"),
    "waive": _("Waive"),
    "allocate": _("Allocate"),
    "adjust": _("Adjust by hand"),
    "issue": _("Issue"),
    "receive": _("Receive"),
    "inspect": _("Inspect"),
    "settle": _("Settle returns"),
    "price": _("Type what is credited"),
    "invite": _("Invite to the portal"),
    "answer": _("Answer customers"),
    "close": _("Close"),
    "manage": _("Manage"),
}
REACHES = {
    "": _("No"),
    "own": _("Own"),
    "team": _("Team"),
    "branch": _("Branch"),
    "all": _("All"),
}


def kind_label(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def role_label(role: Role) -> str:
    """A standard role in the reader's language; a company's own role as it named it."""
    return str(ROLES.get(role.code, role.name))


def action_label(kind: str, action: str) -> str:
    if (kind, action) == ("customer", "credit"):
        return gettext("Set credit limits")
    if (kind, action) == ("invoice", "write_off"):
        return gettext("Write off what is not paid")
    if (kind, action) == ("invoice", "waive"):
        return gettext("Waive late fees")
    if (kind, action) == ("invoice", "credit"):
        return gettext("Issue credit notes")
    return str(ACTIONS.get(action, action))
