"""Every state of every flow can be said to a person."""

import importlib
from pathlib import Path
from typing import Any

from django.utils.translation import override

from niaga.core.flow import state_word
from niaga.core.rules.flow import Flow

ROOT = Path(__file__).resolve().parents[2]


def flows() -> dict[str, Flow[Any]]:
    found = {}
    for path in sorted(ROOT.glob("niaga/*/rules/*.py")):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        found |= {value.kind: value for value in vars(module).values() if isinstance(value, Flow)}
    return found


def states(flow: Flow[Any]) -> set[str]:
    return {str(state) for move in flow.moves.values() for state in (*move.sources, move.target)}


def test_every_state_of_every_flow_has_an_indonesian_word() -> None:
    unsaid = []
    for kind, flow in flows().items():
        for state in sorted(states(flow)):
            with override("en"):
                english = state_word(kind, state)
            with override("id"):
                indonesian = state_word(kind, state)
            if english == state or indonesian == english:
                unsaid.append(f"{kind}: {state}")

    assert len(flows()) >= 8
    assert unsaid == []
