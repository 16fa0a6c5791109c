from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from niaga.core.errors import NotFound
from niaga.organization.models import User


def make_password_link(*, user_id: UUID) -> str:
    """The address where the person chooses a password: works once, and three days long. Whoever has it can log in.

    :raises NotFound: there is no such person who may log in
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotFound()
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{settings.BASE_URL}{path}"
