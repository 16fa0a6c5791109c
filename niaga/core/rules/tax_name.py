"""What the tax on sales is called in a country, in the languages of documents."""

from collections.abc import Mapping

_NAMES: Mapping[str, tuple[str, str]] = {
    "ID": ("PPN", "PPN"),
    "US": ("Sales tax", "Pajak penjualan"),
    "AU": ("GST", "GST"),
    "CA": ("GST/HST", "GST/HST"),
    "IN": ("GST", "GST"),
    "JP": ("Consumption tax", "Pajak konsumsi"),
    "MY": ("SST", "SST"),
    "NZ": ("GST", "GST"),
    "SG": ("GST", "GST"),
}
_ELSEWHERE = ("VAT", "VAT")


def tax_name(country: str, language: str = "en") -> str:
    """`PPN` in Indonesia (ISO 3166-1 alpha-2 `ID`), `Sales tax` in the United States, else `VAT`."""
    english, indonesian = _NAMES.get(country.upper(), _ELSEWHERE)
    return indonesian if language.startswith("id") else english
