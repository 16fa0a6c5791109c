"""A process that must not outlive the one that started it."""

import ctypes
import os
import runpy
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int | None = None, number: int = signal.SIGKILL) -> None:
    """Ask the kernel to send `number` to this process when its parent dies (Linux; elsewhere nothing happens).

    :param parent: the parent's process id, when known: a parent that died before this call is noticed too
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), number)


class Make:
    """The `make` that started this process, if one did.

    A SIGINT sent to make alone (Ctrl-C goes to both) makes it wait for us without telling us; all that shows is that it
    no longer catches the signal.
    """

    def __init__(self) -> None:
        self._number = os.getppid() if os.environ.get("MAKELEVEL") else 0
        self._was_listening = self._listens()

    def wants_us_to_stop(self) -> bool:
        return self._was_listening and not self._listens()

    def _listens(self) -> bool:
        if not self._number:
            return False
        try:
            status = Path(f"/proc/{self._number}/status").read_text()
        except OSError:
            return self._was_listening if hasattr(self, "_was_listening") else False
        caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
        return bool(int(caught, 16) & 1 << (signal.SIGINT - 1))


def command(module: str, *words: str) -> list[str]:
    """The command line that runs a Python module as a child which dies with this process."""
    return [sys.executable, "-m", "niaga.config.process", str(os.getpid()), module, *words]


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
