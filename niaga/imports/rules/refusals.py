"""Why a file as a whole is not read. `code` is stable; `facts` fill its words (`wording.py`)."""

from typing import Any


class UnreadableFile(ValueError):
    """Codes: `empty`, `not_a_table`, `too_large`, `zip_bomb`, `too_wide`, `too_many_cells`, `damaged`, `encrypted`,
    `old_excel`, `no_headings`, `double_heading`, `no_delimiter`."""

    def __init__(self, code: str, **facts: Any) -> None:
        self.code = code
        self.facts = facts
        super().__init__(f"{code} {facts}" if facts else code)
