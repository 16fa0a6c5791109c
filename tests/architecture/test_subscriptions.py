"""Every event that is announced to somebody names a task that exists."""

from procrastinate.contrib.django import app

from niaga.config.subscriptions import SUBSCRIPTIONS
from niaga.config.work import LANES


def test_every_subscriber_is_a_known_task() -> None:
    unknown = {task for tasks in SUBSCRIPTIONS.values() for task in tasks} - set(app.tasks)

    assert unknown == set()


def test_every_subscription_names_an_event_that_exists() -> None:
    import ast
    from pathlib import Path

    niaga = Path(__file__).resolve().parents[2] / "niaga"
    events = {
        node.name
        for path in [*niaga.glob("*/events.py"), *niaga.glob("*/events/*.py")]
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
    }

    assert set(SUBSCRIPTIONS) - events == set()


def test_one_lane_takes_whatever_no_other_lane_takes() -> None:
    assert [name for name, queues, _at_once in LANES if queues is None] == ["rest"]
