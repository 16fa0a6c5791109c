"""What a customer's data may be used for with consent (UU PDP 27/2022)."""

BILLING_WHATSAPP = "billing_whatsapp"
"""Messages about what they owe. These need no consent beforehand, and stop when it is withdrawn."""
PURPOSES = ("marketing_email", "marketing_whatsapp", "marketing_phone", "profiling", BILLING_WHATSAPP)
