"""Which hashed file the front end's build made of an entry, read from Vite's manifest."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

DIST = Path(__file__).parent / "static" / "dist"


def _read(stamp: float) -> dict[str, Any]:
    return json.loads((DIST / "manifest.json").read_text("utf-8"))  # type: ignore[no-any-return]


_cached = lru_cache(maxsize=2)(_read)


def manifest() -> dict[str, Any]:
    """The build's manifest; empty when the front end was not built. Read anew whenever the file changes."""
    try:
        return _cached((DIST / "manifest.json").stat().st_mtime)
    except FileNotFoundError:
        return {}


def address(file: str) -> str:
    """The URL of a file of the build. Names carry a hash, so they never pass through the storage's own hashing."""
    return f"{settings.STATIC_URL}dist/{file}"


def entry(name: str) -> dict[str, list[str]]:
    """Scripts, styles and preloads of the entry called `name`, as URLs."""
    found = manifest()
    for source, facts in found.items():
        if facts.get("isEntry") and facts.get("name") == name:
            scripts, styles, preloads = [address(facts["file"])], list(facts.get("css", [])), []
            seen = {source}
            waiting = list(facts.get("imports", []))
            while waiting:
                chunk = waiting.pop()
                if chunk in seen:
                    continue
                seen.add(chunk)
                preloads.append(address(found[chunk]["file"]))
                styles.extend(found[chunk].get("css", []))
                waiting.extend(found[chunk].get("imports", []))
            return {
                "scripts": scripts,
                "styles": [address(style) for style in dict.fromkeys(styles)],
                "preloads": preloads,
                "fonts": [address(font) for font in facts.get("assets", []) if "latin-wght" in font],
            }
    return {"scripts": [], "styles": [], "preloads": [], "fonts": []}


def sprite() -> str:
    """The URL of the icon sprite, or an empty string before the first build."""
    for facts in manifest().values():
        if facts["file"].startswith("icons-"):
            return address(facts["file"])
    return ""
