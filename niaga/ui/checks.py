"""`manage check` says when pages would come without their look."""

from typing import Any

from django.core import checks

from niaga.ui.assets import manifest


@checks.register()
def front_end_is_built(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    if manifest():
        return []
    return [
        checks.Warning(
            "The front end is not built.", hint="make frontend (npm ci && npm run build in frontend/)", id="ui.W001"
        )
    ]
