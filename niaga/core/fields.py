"""The database's shapes for money and quantity."""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from niaga.core.ids import new_id


class AmountField(models.DecimalField):
    """An amount of the document's currency: numeric(19,4)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 19, "decimal_places": 4, **options})


class PriceField(models.DecimalField):
    """A price for one unit: numeric(19,6)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 19, "decimal_places": 6, **options})


class RateField(models.DecimalField):
    """An exchange rate: of one currency for one of another: numeric(20,10), as one rupiah is 0.0000607903 dollars."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 20, "decimal_places": 10, **options})


class QuantityField(models.DecimalField):
    """A quantity or conversion factor: numeric(19,6)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 19, "decimal_places": 6, **options})


class WeightField(models.DecimalField):
    """A weight in kilograms, to the milligram: numeric(19,6)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 19, "decimal_places": 6, **options})


class VolumeField(models.DecimalField):
    """A volume in litres, to the cubic millimetre: numeric(19,6). A thousand litres are a cubic metre."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 19, "decimal_places": 6, **options})


class PercentField(models.DecimalField):
    """A percentage, 12.5 for 12.5 %: numeric(9,6)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_digits": 9, "decimal_places": 6, **options})


class CurrencyField(models.CharField):
    """An ISO 4217 code, upper case."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 3, **options})


class IdField(models.UUIDField):
    """The primary key of every table: a UUIDv7 made in Python."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"primary_key": True, "default": new_id, "editable": False, **options})


class SearchField(SearchVectorField):
    """Words and fragments to find a row by; filled by `core.rules.search_terms` through `array_to_tsvector`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"null": True, "editable": False, **options})
