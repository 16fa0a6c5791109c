"""Writes the import contracts of the house: `python tests/architecture/contracts.py` after adding an app."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(__file__).with_name("contracts.toml")

# High to low; names on one line are siblings that never meet. A name in brackets may not exist yet.
ORDER = [
    ["config"],
    ["onboarding", "imports"],
    ["analytics"],
    ["pos", "portal", "field_sales", "channels", "performance"],
    ["returns", "crm", "shipping"],
    ["sales"],
    ["payments"],
    ["invoicing"],
    ["stock", "pricing"],
    ["ledger", "catalog", "parties"],
    ["approvals"],
    ["messaging", "documents"],
    ["organization"],
    ["ui"],
    ["core"],
]

# A test may look at what a verb left in other rooms, and use the verbs above to get there.
IGNORED_TESTS = 'ignore_imports = ["niaga.*.tests.** -> niaga.**"]\nunmatched_ignore_imports_alerting = "none"'


def apps() -> list[str]:
    """The folders of niaga that are apps."""
    return sorted(path.parent.name for path in (ROOT / "niaga").glob("*/__init__.py"))


def text() -> str:
    """The whole contract file for the apps there are."""
    layers = [" | ".join(name if name in apps() else f"({name})" for name in row) for row in ORDER]
    lines = [
        "# Written by contracts.py; change that, not this.",
        "[tool.importlinter]",
        'root_packages = ["niaga"]',
        "include_external_packages = true",
        "exclude_type_checking_imports = false",
        "",
        "[[tool.importlinter.contracts]]",
        'name = "Call down"',
        'type = "layers"',
        'containers = ["niaga"]',
        "exhaustive = true",
        'exhaustive_ignores = ["__main__"]',
        IGNORED_TESTS,
        "layers = [",
        *(f'  "{layer}",' for layer in layers),
        "]",
        "",
        "[[tool.importlinter.contracts]]",
        'name = "Rules and events are free of Django"',
        'type = "forbidden"',
        'source_modules = ["niaga.*.rules", "niaga.*.events"]',
        'forbidden_modules = ["django", "ninja", "procrastinate", "psycopg", "niaga.*.models"]',
        "allow_indirect_imports = true",
    ]
    for app in apps():
        if not (ROOT / "niaga" / app / "models").is_dir():
            continue
        lines += [
            "",
            "[[tool.importlinter.contracts]]",
            f'name = "The models of {app} are its own"',
            'type = "protected"',
            f'protected_modules = ["niaga.{app}.models"]',
            f'allowed_importers = ["niaga.{app}"]',
            IGNORED_TESTS,
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text())
