"""The README's tour of the API, run as a reader would: its own lines, in a shell, against a running server."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from niaga.core.clock import now
from niaga.core.models import StoredAnswer
from niaga.invoicing.models import Invoice
from niaga.organization.access import SYSTEM
from niaga.organization.services.create_token import create_token
from tests.makers import make_world

README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.mark.django_db(transaction=True)
def test_the_readmes_tour_of_the_api_ends_with_a_paid_invoice(live_server):
    world = make_world()
    token = create_token(user_id=world.owner.id, name="tour", by=SYSTEM, at=now())
    tour = re.search(r"```bash\n(.*?)```", README.read_text(), re.DOTALL)
    shell = shutil.which("bash")
    assert tour is not None
    assert shell is not None
    assert shutil.which("curl") is not None

    done = subprocess.run(
        [shell, "-euo", "pipefail", "-c", tour[1]],
        env={**os.environ, "API": f"{live_server.url}/api/v1", "TOKEN": token.text},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.stdout.strip().endswith("paid"), done.stdout + done.stderr
    invoice = Invoice.objects.get()
    # 120 x 92,000 - 5 % = 10,488,000, and 11 % of it
    assert (invoice.net, invoice.tax, invoice.total) == (10_488_000, 1_153_680, 11_641_680)
    assert StoredAnswer.objects.count() == 11
