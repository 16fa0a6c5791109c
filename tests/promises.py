"""What must hold of the data at any moment, as a test asks it."""

from django.db import connection

from niaga.core.registry import invariants


def broken_promises() -> list[str]:
    """The invariants that do not hold, each with the first row that breaks it."""
    found = []
    with connection.cursor() as cursor:
        for name, check in invariants:
            cursor.execute(check.sql)
            row = cursor.fetchone()
            found += [] if row is None else [f"{name}: {row}"]
    return found
