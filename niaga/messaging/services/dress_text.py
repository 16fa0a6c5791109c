"""The HTML side of a mail, made from its text, so that both always say the same."""

from django.template.loader import render_to_string
from django.utils.translation import get_language


def dress_text(text: str, *, company: str, button: tuple[str, str] | None = None, base_url: str = "") -> str:
    """Paragraphs of `text` in the quiet frame of our mails; `button` is a label with an address.

    A line of the text that is the button's address alone is left to the button. Everything is escaped.
    """
    paragraphs = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    if button is not None:
        paragraphs = [part for part in paragraphs if part != button[1]]
    return render_to_string(
        "messaging/mail.html",
        {
            "paragraphs": [part for part in paragraphs if part],
            "company": company,
            "button": button,
            "base_url": base_url,
            "language": get_language() or "id",
        },
    )
