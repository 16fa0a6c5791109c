"""Every text of an app has its Indonesian in that app's own catalog: complete, not fuzzy, with the same placeholders.
What no longer stands in the app's code does not stand in its catalog either.

python bin/translations.py           names what is missing or left over, and fails
python bin/translations.py --write   adds what is missing, empty, for somebody to fill in; drops what is left over
"""

import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy", "_n"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
ALIAS = re.compile(r"\b(\w*gettext\w*) as (\w+)")
PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-z]|%[sd]|\{\w*\}")
Text = tuple[str | None, str, str | None]
"""Context, singular, plural."""


def texts_of_code(path: Path) -> Iterator[tuple[Text, int]]:
    named = {new: KEYWORDS[old] for old, new in ALIAS.findall(path.read_text("utf-8")) if old in KEYWORDS}
    with path.open("rb") as file:
        keywords = {**KEYWORDS, **named}
        for line, message, _comments, context in extract("python", file, keywords=keywords):  # type: ignore[arg-type]
            singular, plural = message if isinstance(message, tuple) else (message, None)
            if singular:
                yield (context, singular, plural), line


def texts_of_template(path: Path) -> Iterator[tuple[Text, int]]:
    """Django turns a template's tags into calls such as `gettext('…')`; their string arguments are read from there."""
    from django.utils.translation.template import templatize

    code = templatize(path.read_text(), origin=str(path))
    for found in re.finditer(r"\b(_|gettext|ngettext|pgettext|npgettext)\(", code):
        strings: list[str] = []
        try:
            for token in tokenize.generate_tokens(io.StringIO(code[found.end() :]).readline):
                if token.type == tokenize.STRING:
                    strings.append(eval(token.string))
                elif token.string not in (",", "(", "") and token.type != tokenize.NL:
                    break
        except tokenize.TokenError:
            pass
        if not strings:
            continue
        name = found.group(1)
        context = strings.pop(0) if name in ("pgettext", "npgettext") else None
        if strings:
            plural = strings[1] if name in ("ngettext", "npgettext") and len(strings) > 1 else None
            yield (context, strings[0], plural), code.count("\n", 0, found.start()) + 1


def texts(app: Path) -> dict[Text, str]:
    """Every text of the app and the first place where it stands."""
    found: dict[Text, str] = {}
    for path in sorted(app.rglob("*.py")):
        if {"tests", "migrations"} & set(path.relative_to(app).parts):
            continue
        for text, line in texts_of_code(path):
            found.setdefault(text, f"{path.relative_to(ROOT)}:{line}")
    for path in sorted(app.rglob("templates/**/*")):
        if path.suffix in (".html", ".txt", ".typ"):
            for text, line in texts_of_template(path):
                found.setdefault(text, f"{path.relative_to(ROOT)}:{line}")
    return found


def catalog_path(app: Path) -> Path:
    return app / "locale" / "id" / "LC_MESSAGES" / "django.po"


def read(app: Path) -> Catalog:
    path = catalog_path(app)
    if not path.exists():
        return Catalog(locale="id", project="Niaga", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="id")


def left_over(catalog: Catalog, wanted: dict[Text, str]) -> list[tuple[str | None, str]]:
    """Context and singular of what the catalog says and the code does not."""
    known = {(context, singular) for context, singular, _plural in wanted}
    said = [(one.context, str(one.id[0] if isinstance(one.id, list | tuple) else one.id)) for one in catalog if one.id]
    return [text for text in said if text not in known]


def faults(app: Path, wanted: dict[Text, str]) -> Iterator[str]:
    catalog = read(app)
    for (context, singular, plural), place in wanted.items():
        message = catalog.get(singular, context=context)
        if message is None:
            yield f"{place}: {singular!r} is not in the catalog"
            continue
        strings = message.string if isinstance(message.string, list | tuple) else [message.string]
        if not all(strings):
            yield f"{place}: {singular!r} has no Indonesian"
        elif message.fuzzy:
            yield f"{place}: {singular!r} is fuzzy"
        else:
            allowed = set(PLACEHOLDER.findall(singular)) | set(PLACEHOLDER.findall(plural or ""))
            for string in strings:
                if strange := set(PLACEHOLDER.findall(str(string))) - allowed:
                    yield f"{place}: {singular!r} has the placeholder {', '.join(sorted(strange))} only in Indonesian"
    where = catalog_path(app).relative_to(ROOT)
    for context, singular in left_over(catalog, wanted):
        yield f"{where}: {singular!r}{f' ({context})' if context else ''} stands nowhere in {app.name}"
    for text in catalog.obsolete:
        yield f"{where}: {text!r} is kept as obsolete"


def bring_up_to_date(app: Path, wanted: dict[Text, str]) -> tuple[int, int]:
    """How many texts were added and dropped."""
    catalog = read(app)
    missing = [text for text in wanted if catalog.get(text[1], context=text[0]) is None]
    gone = left_over(catalog, wanted)
    dropped = len(gone) + len(catalog.obsolete)
    for context, singular, plural in missing:
        catalog.add((singular, plural) if plural else singular, context=context, locations=[])
    for gone_context, gone_singular in gone:
        catalog.delete(gone_singular, context=gone_context)
    if missing or dropped:
        path = catalog_path(app)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(
                file, catalog, width=110, omit_header=False, sort_output=False, no_location=True, ignore_obsolete=True
            )
    return len(missing), dropped


def meanings() -> Iterator[str]:
    """Texts that two apps say differently: on screen the catalogs are one, and the first of them wins."""
    said: dict[tuple[Any, str], tuple[str, Any]] = {}
    for app in sorted(path.parent for path in (ROOT / "niaga").glob("*/apps.py")):
        for message in read(app):
            if message.id and message.string:
                where, string = said.setdefault((message.context, str(message.id)), (app.name, message.string))
                if string != message.string:
                    yield f"{where} and {app.name} say {message.id!r} differently: {string!r} and {message.string!r}"


def main() -> int:
    settings.configure(USE_I18N=True, INSTALLED_APPS=[], LANGUAGE_CODE="en")
    django.setup()
    count = 0
    for app in sorted(path.parent for path in (ROOT / "niaga").glob("*/apps.py")):
        wanted = texts(app)
        if "--write" in sys.argv:
            added, dropped = bring_up_to_date(app, wanted)
            if added or dropped:
                print(f"{app.name}: {added} added, {dropped} dropped")
            continue
        for fault in faults(app, wanted):
            count += 1
            print(fault)
    for fault in meanings():
        count += 1
        print(fault)
    if count:
        print(f"\n{count} texts are wrong. `make messages` adds what is missing, and drops what is left over.")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
