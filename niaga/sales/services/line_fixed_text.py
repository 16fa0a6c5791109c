"""The words for what an amendment may not change."""

from django.utils.translation import gettext as _


def line_fixed_text(code: str) -> str:
    return {
        "other_product": _("A promised line keeps its product. Take it out and add another line."),
        "other_unit": _("Deliveries, invoices or suppliers count this line in its unit. Add another line instead."),
        "below_delivered": _("More than this is in deliveries or cancelled already."),
        "invoiced": _("This line is invoiced or cut short, so its figures stand. Add another line for more."),
        "asked_supplier": _("A supplier was asked to send that much of it. Cancel that request first."),
        "delivered": _("This line is in a delivery and cannot go."),
        "named": _("A supplier was asked for this line, or it was invoiced and credited, so it stays. Lessen it."),
    }.get(code, code)
