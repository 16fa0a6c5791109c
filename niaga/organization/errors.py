from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from niaga.core.errors import Invalid
from niaga.ui.formatting import day as shown_day


class ExchangeRatesRefused(Invalid):
    """Exchange rates that cannot be: `lines` name each."""

    code = "exchange_rates_refused"
    text = gettext_lazy("Some rates cannot be; nothing was written.")


class CurrencyNotSold(Invalid):
    """The company does not sell in this currency."""

    code = "currency_not_sold"
    text = gettext_lazy("The company does not sell in this currency. Choose it under Settings, Currencies and rates.")


class RateMissing(Invalid):
    """There is no exchange rate of a currency that is young enough. It is asked for, and never taken as 1."""

    code = "rate_missing"
    text = gettext_lazy("There is no exchange rate.")

    @classmethod
    def of(cls, currency: str, on: date, *, rate_days: int, field: str = "currency") -> "RateMissing":
        text = _(
            "What is one %(currency)s worth on %(day)s? No exchange rate of that day or the %(days)d days before is"
            " written. Write it under Settings, Currencies and rates."
        )
        named = {"currency": currency, "day": shown_day(on), "days": rate_days}
        return cls(text % named, field=field, currency=currency, on=on.isoformat())


class RateUnlikely(Invalid):
    """A rate that a person typed beside a document cannot be."""

    code = "rate_unlikely"
    text = gettext_lazy("This is no exchange rate.")

    @classmethod
    def of(cls, currency: str, text: str) -> "RateUnlikely":
        return cls(text, field="rates", currency=currency)
