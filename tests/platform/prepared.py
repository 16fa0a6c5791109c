"""A data folder that is ready to run, made once and copied for every module that wants one of its own."""

import fcntl
import os
import subprocess
from pathlib import Path

import pytest

from tests.platform.test_up import Niaga, free_port


def prepared_data(factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder like the one a first start leaves: database, secrets, no demo. Test processes share the original."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    original = shared / "prepared" / "data"
    with (shared / "prepared.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not original.exists():
            first = Niaga(shared / "prepared" / "first", free_port())
            first.up()
            first.stop()
            first.data.rename(original)
    copy = factory.mktemp(name) / "data"
    # As `cp` does it: the cluster belongs to another user when root runs the tests.
    subprocess.run(["cp", "-a", original, copy], check=True)
    return copy
