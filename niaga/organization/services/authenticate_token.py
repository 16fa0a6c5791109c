from datetime import datetime

from niaga.organization.models import User
from niaga.organization.services.create_token import PREFIX, token_hash

_STATEMENT = """
WITH t AS (
  SELECT id, user_id, company_id, scopes FROM organization_apitoken
  WHERE token_hash = %s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > %s)
), used AS (
  UPDATE organization_apitoken AS a SET last_used_at = %s FROM t
  WHERE a.id = t.id AND (a.last_used_at IS NULL OR a.last_used_at < %s::timestamptz - interval '1 minute')
)
SELECT u.*, t.id AS token_id, t.company_id AS token_company_id, t.scopes AS token_scopes
FROM t JOIN organization_user u ON u.id = t.user_id AND u.is_active
"""


def authenticate_token(*, text: str, at: datetime) -> User | None:
    """The user of a bearer token, in one statement; nobody when it is unknown, expired or revoked.

    The user works in the token's company, and carries `token_id` and `token_scopes`. The token's last use is noted
    once a minute at most.
    """
    if not text.startswith(PREFIX) or len(text) > 200:
        return None
    found = list(User.objects.raw(_STATEMENT, [token_hash(text), at, at, at]))
    if not found:
        return None
    user = found[0]
    user.company_choice = user.token_company_id  # type: ignore[attr-defined]
    return user
