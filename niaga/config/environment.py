"""What the surroundings say: folders, port, database. Read here and nowhere else; free of Django."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

OWNER = "niaga_owner"
APP = "niaga_app"
DATABASE = "niaga"
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


def data_folder() -> Path:
    """Where everything lives that is not code: `NIAGA_DATA`, or `var` in the checkout."""
    return Path(os.environ.get("NIAGA_DATA") or ROOT / "var").expanduser().resolve()


def port() -> int:
    """The port people open, `PORT` or 8000.

    :raises SystemExit: not a port number
    """
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SystemExit(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def host() -> str:
    """The address to listen on; `HOST=0.0.0.0` opens it to the network."""
    return os.environ.get("HOST") or "127.0.0.1"


def database_url() -> str:
    """The company's own PostgreSQL, or empty: the embedded one."""
    return os.environ.get("DATABASE_URL", "").strip()


def role() -> str:
    """The role this process works as: `niaga_app`, or `niaga_owner` when it changes the schema."""
    return OWNER if os.environ.get("NIAGA_ROLE") == "owner" else APP


def switched_on(name: str, default: bool) -> bool:
    """A yes-or-no variable; 0, false, no and off mean no."""
    text = os.environ.get(name, "").strip().lower()
    return default if not text else text not in ("0", "false", "no", "off")


def only_here() -> bool:
    """Whether nobody but this machine can reach the pages: it listens on the loopback, and nothing says that people
    come by another name or through a proxy."""
    address = os.environ.get("NIAGA_URL", "").split("://")[-1].split("/")[0]
    named = address.rsplit(":", 1)[0] if not address.endswith("]") else address
    opened = os.environ.get("NIAGA_HOSTS", "").strip() or os.environ.get("NIAGA_PROXIES", "0").strip() not in ("", "0")
    return host() in LOOPBACK and (not named or named in LOOPBACK) and not opened


def takes_test_gateways() -> bool:
    """`NIAGA_TEST_GATEWAYS`; unsaid, only a demonstration on one's own machine takes them."""
    return switched_on("NIAGA_TEST_GATEWAYS", switched_on("NIAGA_DEMO", True) and only_here())


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what a request may carry, in bytes."""

    body: int = 64 * 1024 * 1024
    form: int = 10 * 1024 * 1024


LIMITS = Limits()
