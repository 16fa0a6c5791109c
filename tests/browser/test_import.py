"""An import as the person who waits for it sees it: the bar moves, they leave and come back, the result is there."""

import re
import threading
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, connections

from niaga.core.clock import now
from niaga.imports.jobs import _Progress
from niaga.imports.models import ImportBatch
from niaga.imports.services.run_import import run_import
from niaga.organization.models import User
from tests.makers import make_world

LINES = 45_000


class Worker(threading.Thread):
    """Does one import as the worker does, but goes on after each note of progress only when it is told to."""

    def __init__(self, batch_id: UUID, by: User) -> None:
        super().__init__(daemon=True)
        self.batch_id, self.by, self.turn = batch_id, by, threading.Semaphore(0)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO core_workerheartbeat (name, at) VALUES ('test', clock_timestamp())")

    def run(self) -> None:
        progress = _Progress(self.batch_id)

        def said(rows: int) -> None:
            progress(rows)
            self.turn.acquire(timeout=60)

        try:
            run_import(batch_id=self.batch_id, dry_run=True, by=self.by, at=now(), said=said)
        finally:
            progress.close()
            connections.close_all()

    def go_on(self, turns: int = 1) -> None:
        self.turn.release(turns)


def share(page: Any) -> float:
    return float(page.locator("#import [role=status] svg.bar rect").first.get_attribute("width"))


def count(page: Any) -> int:
    found = re.search(r"([\d.]+) baris", page.locator("#import [role=status]").inner_text())
    assert found is not None
    return int(found[1].replace(".", ""))


def test_the_page_of_an_import_shows_how_far_it_is_also_to_one_who_left_and_came_back(
    open_page: Any, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    world = make_world()
    path = tmp_path / "sales.csv"
    path.write_text(
        "nomor,tanggal,sku,qty,total\n"
        + "".join(f"S{n // 10},2019-03-14 10:25,P{n % 50},1,{n}\n" for n in range(LINES))
    )
    page = open_page("/imports/new", by=world.owner)
    page.set_input_files("input[type=file]", str(path))
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}$"))
    here = page.url
    page.locator("main form[action$='/runs'] button[type=submit].go").last.click()
    page.wait_for_selector(
        "#import [role=status]:has-text('giliran'), #import [role=status]:has-text('tidak berjalan')"
    )

    worker = Worker(ImportBatch.objects.get().pk, world.owner)
    worker.start()
    page.wait_for_selector("#import [role=status]:has-text('baris')", timeout=15_000)
    first = (count(page), share(page))
    page.goto(page.url.split("/imports/")[0] + "/imports")
    worker.go_on()
    page.wait_for_timeout(700)
    page.goto(here)
    page.wait_for_function(
        "before => document.querySelector('#import [role=status] svg.bar rect')?.getAttribute('width') > before",
        arg=first[1], timeout=15_000,
    )  # fmt: skip
    second = (count(page), share(page))
    worker.go_on(1_000)
    page.wait_for_selector("text=Impor sekarang", timeout=30_000)
    worker.join(30)

    assert 0 < first[0] < second[0] < LINES
    assert 0 < first[1] < second[1] <= 95
    assert page.locator("#import [role=status] svg.bar").count() == 0
    assert ImportBatch.objects.get().status == "checked"
