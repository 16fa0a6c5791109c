"""Why a customer does not agree with an invoice."""

REASONS = ("price", "quantity", "damaged", "not_ordered", "not_received", "other")
