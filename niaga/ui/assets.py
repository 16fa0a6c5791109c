"""Which hashed file the front end's build made of an entry, read from Vite's manifest."""

import json
import time
from pathlib import Path
from typing import Any

from django.conf import settings

DIST = Path(__file__).parent / "static" / "dist"


LOOK_AGAIN = 1.0  # seconds for which the file is not even looked at


class _Kept:
    looked_at = -LOOK_AGAIN
    stamp = 0.0
    manifest: dict[str, Any] = {}
    sprite = ""


def manifest() -> dict[str, Any]:
    """The build's manifest; empty when the front end was not built. Read anew when a build changed it."""
    now = time.monotonic()
    if now - _Kept.looked_at >= LOOK_AGAIN:
        _Kept.looked_at = now
        path = DIST / "manifest.json"
        try:
            stamp = path.stat().st_mtime
            if stamp != _Kept.stamp:
                _Kept.manifest = json.loads(path.read_text("utf-8"))
                _Kept.stamp = stamp
                files = (facts["file"] for facts in _Kept.manifest.values())
                _Kept.sprite = next((address(file) for file in files if file.startswith("icons-")), "")
        except (FileNotFoundError, ValueError):  # not built, or just being built
            if not DIST.exists():
                _Kept.manifest, _Kept.stamp, _Kept.sprite = {}, 0.0, ""
    return _Kept.manifest


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
    manifest()
    return _Kept.sprite
