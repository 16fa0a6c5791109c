import pgtrigger
from django.db import models

_NEW_VERSION = """
    INSERT INTO catalog_settingsversion (company_id, version)
    SELECT company_id, gen_random_uuid() FROM ({found}) f
        ON CONFLICT (company_id) DO UPDATE SET version = excluded.version;
    RETURN NULL;
"""
_OWN = "SELECT {row}.company_id"
OF_TAX_CATEGORY = "SELECT company_id FROM catalog_taxcategory WHERE id = {row}.category_id"
"""How a rate says whose it is."""


class SettingsVersion(models.Model):
    """Which state a company's units, tax categories and categories are in: a new `version` with every change of what
    lines need of them, never one that was before."""

    company = models.OneToOneField("organization.Company", models.CASCADE, primary_key=True)
    version = models.UUIDField()


def new_on_change(*columns: str, whose: str = _OWN) -> pgtrigger.Trigger:
    """A new version when a row comes or changes in one of `columns` (without any: in whatever), by whatever way."""
    changed = pgtrigger.UpdateOf(*columns) if columns else pgtrigger.Update
    return pgtrigger.Trigger(
        name="new_settings", when=pgtrigger.After, operation=pgtrigger.Insert | changed,
        func=_NEW_VERSION.format(found=whose.format(row="NEW")),
    )  # fmt: skip


def new_on_delete(*, whose: str = _OWN) -> pgtrigger.Trigger:
    """A new version when a row goes."""
    return pgtrigger.Trigger(
        name="less_settings", when=pgtrigger.After, operation=pgtrigger.Delete,
        func=_NEW_VERSION.format(found=whose.format(row="OLD")),
    )  # fmt: skip
