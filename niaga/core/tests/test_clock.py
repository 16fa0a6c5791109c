from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from niaga.core.clock import now, today


def test_the_clock_tells_the_real_time_when_nothing_moves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NIAGA_NOW", raising=False)

    assert abs(now() - timezone.now()) < timedelta(seconds=5)


def test_a_day_moves_the_clock_by_whole_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIAGA_NOW", "2017-12-15")

    assert now().date() == date(2017, 12, 15)
    moved = (timezone.now() - now()).total_seconds()
    assert abs(moved - 86_400 * round(moved / 86_400)) < 5


def test_a_moment_is_when_the_process_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIAGA_NOW", "2017-12-15T09:00:00Z")

    assert datetime(2017, 12, 15, 9, tzinfo=UTC) <= now() < datetime(2017, 12, 15, 9, 5, tzinfo=UTC)


def test_what_is_no_day_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIAGA_NOW", "December")

    with pytest.raises(ValueError, match="December"):
        now()


def test_today_is_the_branch_s() -> None:
    late = datetime(2026, 11, 23, 18, tzinfo=UTC)

    assert today(at=late, zone="Asia/Jakarta") == date(2026, 11, 24)
