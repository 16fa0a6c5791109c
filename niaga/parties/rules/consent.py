"""What a customer's data may be used for with consent (UU PDP 27/2022)."""

PURPOSES = ("marketing_email", "marketing_whatsapp", "marketing_phone", "profiling")
