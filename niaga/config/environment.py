"""What the surroundings say: folders, port, database. Read here and nowhere else; free of Django."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

OWNER = "niaga_owner"
APP = "niaga_app"
DATABASE = "niaga"


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


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what a request may carry, in bytes."""

    body: int = 64 * 1024 * 1024
    form: int = 10 * 1024 * 1024


LIMITS = Limits()
