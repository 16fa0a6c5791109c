"""What the settings of a design are called on screen. Columns and kinds go by the words that are printed."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from niaga.documents.rules.paper_parts import TEMPLATE_KINDS, Face, Layout, LogoPlace, Sheet, TextSize, Tongue
from niaga.documents.rules.print_document import PrintKind
from niaga.documents.rules.print_texts import texts_in

LAYOUTS = {
    Layout.CLASSIC: _("Classic: quiet lines, name at the left"),
    Layout.MODERN: _("Modern: a band of your colour"),
    Layout.LETTERHEAD: _("Letterhead: name in the middle, double rule"),
}
SHEETS = {
    Sheet.A4: "A4",
    Sheet.A5: "A5",
    Sheet.CONTINUOUS: _("Continuous form 9.5 × 11 in"),
    Sheet.CONTINUOUS_HALF: _("Continuous form, half: 9.5 × 5.5 in"),
    Sheet.ROLL_80: _("Thermal roll 80 mm"),
    Sheet.ROLL_58: _("Thermal roll 58 mm"),
}
FACES = {Face.SANS: _("Without serifs"), Face.SERIF: _("With serifs"), Face.MONO: _("Typewriter")}
SIZES = {TextSize.SMALL: _("Small"), TextSize.NORMAL: _("Normal"), TextSize.LARGE: _("Large")}
LOGO_PLACES = {
    LogoPlace.LEFT: _("Left"),
    LogoPlace.CENTER: _("In the middle"),
    LogoPlace.RIGHT: _("Right"),
    LogoPlace.NONE: _("No logo"),
}
TONGUES = {
    Tongue.CUSTOMER: _("The customer's own"),
    Tongue.INDONESIAN: _("Always Indonesian"),
    Tongue.ENGLISH: _("Always English"),
    Tongue.BOTH: _("Both on one paper"),
}
BLOCKS = {
    "deliver_to": _("Delivery address"),
    "introduction": _("Introduction"),
    "in_words": _("Amount in words"),
    "banks": _("Bank accounts"),
    "instalments": _("Payment schedule, age of what is open"),
    "note": _("Note of the document"),
    "terms": _("Terms and conditions"),
    "closing": _("Closing words"),
    "qris": _("QRIS code with the open amount"),
    "link": _("QR code of the customer's page"),
    "stamp_place": _("Place for the e-meterai"),
    "signatures": _("Signatures"),
}
TEXTS = {
    "title": _("Title"),
    "introduction": _("Introduction"),
    "closing": _("Closing words"),
    "terms": _("Terms and conditions"),
    "footer": _("Foot of every page"),
}
PLACEHOLDERS = {
    "company.name": _("Company name"),
    "company.phone": _("Company phone"),
    "company.email": _("Company email"),
    "customer.name": _("Customer name"),
    "customer.contact": _("Contact person"),
    "customer_reference": _("Customer's PO number"),
    "document.number": _("Document number"),
    "document.date": _("Document date"),
    "order.numbers": _("Order numbers"),
    "invoice.number": _("Invoice number"),
    "due_date": _("Due date"),
    "valid_until": _("Valid until"),
    "delivery_date": _("Delivery date"),
    "requested_date": _("Requested day"),
    "payment_term": _("Payment term"),
    "salesperson": _("Salesperson"),
    "warehouse": _("Warehouse"),
    "total": _("Total"),
    "period.start": _("First day of the period"),
    "period.end": _("Last day of the period"),
}
SETTINGS = {
    "layout": _("Layout"),
    "sheet": _("Paper"),
    "margin": _("Margin"),
    "accent": _("Colour"),
    "face": _("Typeface"),
    "size": _("Size of text"),
    "logo_place": _("Place of the logo"),
    "logo_height": _("Height of the logo"),
    "tongue": _("Language"),
    "columns": _("Columns"),
    "blocks": _("Parts"),
}
CHOICES: dict[str, dict[str, object]] = {
    "layout": {str(key): word for key, word in LAYOUTS.items()},
    "sheet": {str(key): word for key, word in SHEETS.items()},
    "face": {str(key): word for key, word in FACES.items()},
    "size": {str(key): word for key, word in SIZES.items()},
    "logo_place": {str(key): word for key, word in LOGO_PLACES.items()},
    "tongue": {str(key): word for key, word in TONGUES.items()},
}


def printed_words() -> dict[str, str]:
    """The printed words in the language of the page."""
    return {"number": "No."} | texts_in(get_language() or "id")


def kind_words() -> Sequence[tuple[PrintKind, str]]:
    words = printed_words()
    return [(kind, words[kind]) for kind in TEMPLATE_KINDS]


def setting_words(name: str) -> str:
    """What the form calls a field such as `accent`, `column_sku_share`, `signature_2_id` or `text_title_id`."""
    if name in SETTINGS:
        return str(SETTINGS[name])
    group, _dash, rest = name.partition("_")
    part, _dash, end = rest.rpartition("_")
    ends = {"id": "Indonesia", "en": "English", "share": _("Width"), "name": _("Name")}
    if group == "column":
        head = printed_words().get(part, part)
    elif group == "signature":
        head = str(_("Signature %(place)s") % {"place": part})
    else:
        head = str(TEXTS.get(part, part))
    return f"{head} · {ends.get(end, end)}"


def setting_value(name: str, value: str) -> str:
    """A value as people read it."""
    if not value or value == "–":
        return value or str(_("as usual"))
    if name in CHOICES:
        return str(CHOICES[name].get(value, value))
    if name in ("columns", "blocks"):
        words = BLOCKS if name == "blocks" else printed_words()
        return ", ".join(str(words.get(key, key)) for key in value.split(", "))
    return f"{value} mm" if name in ("margin", "logo_height") else value
