"""Bank statements by the API: sent, taken in, booked once whatever is repeated, and taken back."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from niaga.payments.models import BankLine, KnownPayer, Payment
from niaga.payments.tests.test_bank_lines import make_debt, open_on
from tests.api import token_headers
from tests.bank import LAYOUT, csv_of, make_bank_account
from tests.makers import World, log_in, make_world

pytestmark = pytest.mark.django_db
