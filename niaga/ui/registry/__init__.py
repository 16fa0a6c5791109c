"""What upper apps put into the common pages. Registered in each app's `apps.py`; read-only, called once for N rows.

from niaga.ui import registry

class SalesConfig(AppConfig):
    def ready(self) -> None:
        registry.navigation.add(registry.NavigationItem(key="quotations", label=_("Quotations"), ...))
"""

from niaga.ui.registry.actions import document_actions, offered_actions
from niaga.ui.registry.badges import BadgeCount, badge_counts, badges
from niaga.ui.registry.chain import ChainLink, ChainStage, DocumentRef, chain, chains_of
from niaga.ui.registry.customers import CustomerRow, CustomerSection, customer_sections, sections_of_customer
from niaga.ui.registry.frame import Identity, Notices, identity, notices
from niaga.ui.registry.navigation import NavigationGroup, NavigationItem, navigation
from niaga.ui.registry.panels import PanelFact, customer_panel, customer_panels
from niaga.ui.registry.products import (
    ProductColumn,
    ProductRow,
    ProductSection,
    product_columns,
    product_sections,
    sections_of,
)
from niaga.ui.registry.search import Command, Hit, SearchContribution, commands, search, search_everything
from niaga.ui.registry.settings import SettingsGroup, SettingsPlace, settings_places
from niaga.ui.registry.what_if import Asked, Open, OpenDocument, OpenLine, all_open, open_documents

__all__ = [
    "Asked",
    "BadgeCount",
    "ChainLink",
    "ChainStage",
    "Command",
    "CustomerRow",
    "CustomerSection",
    "DocumentRef",
    "Hit",
    "Identity",
    "NavigationGroup",
    "NavigationItem",
    "Notices",
    "Open",
    "OpenDocument",
    "OpenLine",
    "PanelFact",
    "ProductColumn",
    "ProductRow",
    "ProductSection",
    "SearchContribution",
    "SettingsGroup",
    "SettingsPlace",
    "all_open",
    "badge_counts",
    "badges",
    "chain",
    "chains_of",
    "commands",
    "customer_panel",
    "customer_panels",
    "customer_sections",
    "document_actions",
    "identity",
    "navigation",
    "notices",
    "offered_actions",
    "open_documents",
    "product_columns",
    "product_sections",
    "search",
    "search_everything",
    "sections_of",
    "sections_of_customer",
    "settings_places",
]
