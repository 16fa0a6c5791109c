"""What people type of a carrier. Pure."""

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

PAGES = {
    "JNE": "https://jne.co.id/tracking-package?resi={number}",
    "J&T Express": "https://jet.co.id/track?awb={number}",
    "SiCepat": "https://www.sicepat.com/checkAwb?awb={number}",
    "AnterAja": "https://anteraja.id/id/tracking/{number}",
    "Pos Indonesia": "https://www.posindonesia.co.id/id/tracking/{number}",
    "Ninja Xpress": "https://www.ninjaxpress.co/id-id/tracking?id={number}",
    "Lion Parcel": "https://lionparcel.com/track/stt?q={number}",
    "Lalamove": "https://share.lalamove.com/?{number}",
}
"""Where couriers show a number on their own pages: proposals for the form, which a company can change."""
MOST_SERVICES = 30


def page_of(pattern: str, number: str) -> str:
    """The courier's page of a number; none where there is no number, or none that is safe to open."""
    if not number or not is_page(pattern):
        return ""
    return pattern.replace("{number}", quote(number, safe=""))


def is_page(pattern: str) -> bool:
    """An https address that has the number's place, once, behind its host."""
    try:
        parts = urlsplit(pattern)
    except ValueError:
        return False
    rest = parts.path + parts.query + parts.fragment
    return (
        parts.scheme == "https" and bool(parts.hostname) and pattern.count("{number}") == 1 and "{number}" in rest
        and parts.username is None and pattern.isascii() and pattern.isprintable() and " " not in pattern
    )  # fmt: skip


def is_base(address: str, *, plain: bool) -> bool:
    """Where a carrier can be asked: https, or (`plain`, where tests are allowed) http."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return (
        parts.scheme in (("https", "http") if plain else ("https",)) and bool(parts.hostname) and parts.username is None
        and not parts.query and not parts.fragment and address.isascii() and address.isprintable()
        and " " not in address
    )  # fmt: skip


def services_of(text: str | Sequence[str]) -> list[str]:
    """Services as they are typed, one a line or with commas; each once."""
    lines = text.replace("\n", ",").split(",") if isinstance(text, str) else text
    return list(dict.fromkeys(one.strip()[:60] for one in lines if one.strip()))[:MOST_SERVICES]
