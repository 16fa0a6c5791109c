"""Keys that lead to places: each leads to one."""

from collections import Counter

from niaga.ui.registry import navigation


def test_no_two_places_share_a_key() -> None:
    keys = Counter(item.shortcut for item in navigation if item.shortcut)

    assert [key for key, times in keys.items() if times > 1] == []
