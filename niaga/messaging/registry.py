"""What upper apps add to messaging in their `apps.py`."""

from collections.abc import Collection

from niaga.core.registry import Registry

template_words: Registry[Collection[str]] = Registry()
"""What templates are for -> the placeholders that its messages can fill."""


def placeholders() -> frozenset[str]:
    """All of them."""
    return frozenset(name for _kind, names in template_words for name in names)
