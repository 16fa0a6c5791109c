"""How demand moves through the year: weekdays, Ramadan and Lebaran, year's end. Pure."""

from datetime import date, timedelta

# Idul Fitri (1 Syawal) by the decisions of the Ministry of Religious Affairs; 2027 and later as calculated.
LEBARAN = (
    date(2022, 5, 2), date(2023, 4, 22), date(2024, 4, 10), date(2025, 3, 31), date(2026, 3, 20), date(2027, 3, 9),
    date(2028, 2, 26), date(2029, 2, 14), date(2030, 2, 4),
)  # fmt: skip
RAMADAN_DAYS = 30
_WEEKDAYS = (1.15, 1.1, 1.0, 1.0, 1.05, 0.45, 0.2)


def season_lift(day: date) -> float:
    """How much Ramadan lifts a seasonal good on a day: 1 outside, rising to 2.5 in the week before Lebaran."""
    for feast in LEBARAN:
        before = (feast - day).days
        if -7 <= before <= -1:
            return 0.6
        if 0 <= before <= RAMADAN_DAYS + 10:
            return 1.0 + 1.5 * min(1.0, (RAMADAN_DAYS + 10 - before) / 33)
    return 1.0


def demand(day: date, *, start: date) -> float:
    """Relative number of sales on a day: grows 12 % a year, weekends are quiet, Lebaran itself is a holiday."""
    for feast in LEBARAN:
        if -2 <= (feast - day).days <= 0:
            return 0.05
    level = 1.0 + 0.12 * (day - start).days / 365
    if day.month == 12 and day.day > 10:
        level *= 1.25
    return level * _WEEKDAYS[day.weekday()] * (0.4 + 0.6 * season_lift(day))


def days_between(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]
