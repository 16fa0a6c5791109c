"""Where uploads and error files lie: `imports/` of the data folder; files of the command line stay."""

from pathlib import Path
from uuid import UUID

from django.conf import settings


def folder() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def place_for(batch_id: UUID, name: str) -> tuple[Path, str]:
    """A new file of the batch: where to write it, and what to keep as its name."""
    path = folder() / str(batch_id) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path, f"{batch_id}/{name}"


def path_of(kept: str) -> Path:
    """The file behind what was kept: within the folder, or an absolute path from the command line."""
    path = Path(kept)
    return path if path.is_absolute() else folder() / path
