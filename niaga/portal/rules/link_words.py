"""What the message that bears a link to the portal may say. Pure."""

PLACEHOLDERS = ("contact.name", "customer.name", "company.name", "link", "valid")
"""`link` signs in once; `valid` is how long it works."""
