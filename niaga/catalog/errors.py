"""Why the catalog refuses."""

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Refusal


class SkuTaken(Refusal):
    """Another product of the company has this SKU."""

    code = "sku_taken"
    text = _("This SKU is taken.")


class BarcodeTaken(Refusal):
    """Another product of the company has this bar code."""

    code = "barcode_taken"
    text = _("Another product has this bar code.")


class CodeTaken(Refusal):
    """Another record of the company has this code or name."""

    code = "code_taken"
    text = _("This code is taken.")


class StillInUse(Refusal):
    """It cannot go or change while others build on it."""

    code = "still_in_use"
    text = _("This is still in use.")


class Archived(Refusal):
    """An archived record does not change."""

    code = "archived"
    text = _("This is archived. Restore it first.")
