"""How old an open part is: by the days since it was due."""

AGES = ("not_due", "late_30", "late_60", "late_90", "late_more")


def age_of(days_late: int | None, *, is_claim: bool = False) -> str:
    """The part's place in an ageing. What has no day is a credit, or a claim that waits for its exchange: not due."""
    if days_late is None:
        return "not_due" if is_claim else "credit"
    if days_late < 1:
        return "not_due"
    return AGES[min((days_late - 1) // 30 + 1, 4)]
