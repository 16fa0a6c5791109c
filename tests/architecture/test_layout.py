"""The house, checked: who may point at whom, which rooms there are, what nothing may be called."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from tests.architecture import contracts

ROOT = Path(__file__).resolve().parents[2]
NIAGA = ROOT / "niaga"
RANK = {name: rank for rank, row in enumerate(reversed(contracts.ORDER)) for name in row}
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
ROOMS = {"web", "api", "subscribers", "jobs", "services", "queries", "models", "rules", "events", "tests", "migrations"}
FOLDERS = ROOMS | {"templates", "templatetags", "static", "locale", "management", "typst", "fonts", "__pycache__"}


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("niaga.")]


def room(model: type[models.Model]) -> str:
    return model.__module__.split(".")[1]


def test_every_relation_points_down() -> None:
    wrong = []
    for model in own_models():
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or field.related_model is None:
                continue
            target = field.related_model
            if not target.__module__.startswith("niaga.") or target._meta.label == settings.AUTH_USER_MODEL:
                continue
            same = room(target) == room(model)
            if not same and RANK[room(target)] >= RANK[room(model)]:
                wrong.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")

    assert wrong == []


def test_models_are_looked_up_by_name_only_in_migrations() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for path in NIAGA.rglob("*.py")
        if "migrations" not in path.parts and "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "get_model"
    ]

    assert wrong == []


def test_nothing_is_called_by_a_word_that_says_nothing() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for folder in ("niaga", "tests", "bench", "bin")
        for path in (ROOT / folder).rglob("*")
        if path.stem in FORBIDDEN and (path.is_dir() or path.suffix == ".py")
    ]

    assert wrong == []


def test_every_app_has_only_the_rooms_of_the_house() -> None:
    wrong = [
        f"{app}/{path.name}"
        for app in contracts.apps()
        if app not in ("config", "core", "ui")
        for path in (NIAGA / app).iterdir()
        if path.is_dir() and path.name not in FOLDERS
    ]

    assert wrong == []


def test_every_app_has_a_readme() -> None:
    missing = [app for app in contracts.apps() if not (NIAGA / app / "README.md").exists()]

    assert missing == []


def test_the_import_contracts_name_every_app() -> None:
    assert contracts.TARGET.read_text() == contracts.text(), "run: python tests/architecture/contracts.py"


@pytest.mark.parametrize("app", [app for app in contracts.apps() if (NIAGA / app / "models").is_dir()])
def test_models_of_an_app_are_protected_by_a_contract(app: str) -> None:
    assert f'protected_modules = ["niaga.{app}.models"]' in contracts.TARGET.read_text()


def _is_atomic(node: ast.FunctionDef) -> bool:
    return any("atomic" in ast.unparse(decorator) for decorator in node.decorator_list)


def test_services_hold_one_verb_per_file() -> None:
    """A function that opens a transaction is a verb: it lives in a file of its name, at most with its opposite."""
    wrong = []
    for path in NIAGA.glob("*/services/*.py"):
        nodes = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
        verbs = [node.name for node in nodes if _is_atomic(node) and not node.name.startswith("_")]
        if verbs and (path.stem not in verbs or len(verbs) > 2):
            wrong.append(f"{path.relative_to(ROOT)}: {', '.join(verbs)}")

    assert wrong == []


def test_every_event_has_a_past_tense_name() -> None:
    names = [
        node.name
        for path in [*NIAGA.glob("*/events.py"), *NIAGA.glob("*/events/*.py")]
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
    ]

    assert [name for name in names if not re.search(r"(ed|Sent|Paid|Won|Lost|Met|Left|Drawn|Made)$", name)] == []


def test_primary_keys_are_uuids() -> None:
    natural = {"core.WorkerHeartbeat", "sales.HistoricalSaleLine"}  # the latter by the million, named by nobody
    wrong = [
        model._meta.label
        for model in own_models()
        if model._meta.pk is not None
        and not isinstance(
            model._meta.pk, models.UUIDField | models.OneToOneField | models.ForeignKey | models.CompositePrimaryKey
        )
        and not model._meta.auto_created
        and not isinstance(model._meta.pk, models.CharField)
        and model._meta.label not in natural
    ]

    assert wrong == []
