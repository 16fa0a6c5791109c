"""Bank statements by the API: sent, taken in, booked once whatever is repeated, and taken back."""

import pytest

pytestmark = pytest.mark.django_db
