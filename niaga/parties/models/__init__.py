from niaga.parties.models.consent import Consent
from niaga.parties.models.credit import CreditAccount, CreditEntry, CreditPolicy, CreditRaise
from niaga.parties.models.customer import Address, Contact, Customer, CustomerGroup, CustomerTag, Tag
from niaga.parties.models.payment_term import PaymentTerm, TermPart
from niaga.parties.models.tax_treatment import TaxTreatment
from niaga.parties.models.timeline import TimelineEntry

__all__ = [
    "Address", "Consent", "Contact", "CreditAccount", "CreditEntry", "CreditPolicy", "CreditRaise", "Customer",
    "CustomerGroup", "CustomerTag", "PaymentTerm", "Tag", "TaxTreatment", "TermPart", "TimelineEntry",
]  # fmt: skip
