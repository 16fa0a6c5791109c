from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid
from niaga.ui.lists.paging import NAMES
from niaga.ui.models import SavedView


def save_view(*, user_id: UUID, list_key: str, name: str, query: str, at: datetime) -> SavedView:
    """Keep a list's filter under a name; the same name again replaces it.

    :raises Invalid: no name, or a query longer than an address may be
    """
    name = name.strip()
    if not name or len(name) > 60:
        raise Invalid(_("Give the view a name of at most 60 letters."), field="name")
    if len(query) > 2000 or not list_key or len(list_key) > 60:
        raise Invalid(_("This filter is too long to be saved."), field="query")
    parts = [(key, value) for key, values in QueryDict(query).lists() for value in values if key not in NAMES]
    view, _created = SavedView.objects.update_or_create(
        user_id=user_id,
        list_key=list_key,
        name=name,
        defaults={"query": urlencode(parts)},
        create_defaults={"query": urlencode(parts), "created_at": at},
    )
    return view
