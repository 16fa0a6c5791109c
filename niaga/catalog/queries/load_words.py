"""A load in words: `Weighs 125.5 kg and takes up 0.8 m³. 3 lines have no weight.`"""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from niaga.catalog.rules.load import GoodsLoad
from niaga.ui import formatting

_GRAM = Decimal("0.001")


def weight_words(kilos: Decimal) -> str:
    """To the gram; from a hundred kilograms on to a tenth of one."""
    step = Decimal("0.1") if kilos >= 100 else _GRAM
    return f"{formatting.number(kilos.quantize(step, ROUND_HALF_UP))} kg"


def volume_words(litres: Decimal) -> str:
    """In litres, from a thousand on in cubic metres."""
    if litres >= 1000:
        return f"{formatting.number((litres / 1000).quantize(Decimal('0.01'), ROUND_HALF_UP))} m³"
    return f"{formatting.number(litres.quantize(Decimal('0.1'), ROUND_HALF_UP))} l"


def short_load(load: GoodsLoad) -> str:
    """`125.5 kg · 0.8 m³`; nothing where neither is known."""
    known = [weight_words(load.weight)] if load.is_known else []
    if load.lines > load.unmeasured:
        known.append(volume_words(load.volume))
    return " · ".join(known)


def unweighed_words(load: GoodsLoad) -> str:
    """How many lines have no weight; nothing when all have one."""
    if not load.unweighed:
        return ""
    words = ngettext("%(count)s line has no weight.", "%(count)s lines have no weight.", load.unweighed)
    return words % {"count": formatting.number(load.unweighed)}


def load_words(load: GoodsLoad, *, always: bool = False) -> str:
    """The whole sentence; nothing for who keeps no weights, unless what is not known is told `always`."""
    known = short_load(load)
    if not known:
        return unweighed_words(load) if always else ""
    return " ".join(filter(None, (_("Goods: %(load)s.") % {"load": known}, unweighed_words(load))))
