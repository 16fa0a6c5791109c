"""Who is at the page."""

from uuid import UUID

from django.http import HttpRequest


def person_id(request: HttpRequest) -> UUID:
    """The logged-in person's id.

    :raises PermissionError: nobody is logged in; pages ask for a log-in before they ask this
    """
    key = request.user.pk
    if not isinstance(key, UUID):
        raise PermissionError("nobody is logged in")
    return key
