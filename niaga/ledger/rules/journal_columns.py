"""What stands in each column of an accounting program's import file: proposed from its headings, chosen by a person.

Neither Accurate nor Jurnal (Mekari) publishes the columns of its journal import; both hand the empty file to who is
logged in (https://ultimasolusindo.com/impor-transaksi-jurnal-umum-dari-file-excel-atau-csv/). So the file itself is
read. Accurate's imports of this family have two rows of headings, HEADER and the detail's
(https://id.scribd.com/document/707068944/Other-Payment-Import-File-2), with days as DD/MM/YYYY; Jurnal calls the parts
of a journal Tgl Transaksi, No Transaksi, Akun, Deskripsi, Debit, Kredit, Memo, Tag
(https://id.scribd.com/document/349489269/Jurnal-Guidebook-PDF-Buat-Jurnal-Umum), and marks what must be filled by a
star (https://help-center.jurnal.id/hc/id/articles/11419592244121).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from niaga.ledger.rules.import_template import Level

SOURCES = (
    "date", "number", "entry", "kind", "code", "account", "description", "debit", "credit", "amount", "side", "branch",
    "customer", "currency",
)  # fmt: skip
DATES = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%m/%d/%Y", "day")
"""As text; `day` is a day of the spreadsheet's own, in a CSV as ISO 8601."""
DECIMALS = (".", ",")
ONCE = ("date", "debit", "credit", "amount", "side")

_WORDS: dict[str, tuple[str, ...]] = {
    "date": (
        "date", "tanggal", "tgl", "transaction date", "transactiondate", "journal date", "tanggal transaksi",
        "tgl transaksi", "tanggal jurnal", "tgl jurnal", "trans date", "transdate",
    ),
    "number": (
        "number", "nomor", "no", "transaction number", "transaction no", "transactionnumber", "journal number",
        "no transaksi", "nomor transaksi", "no bukti", "nomor bukti", "no jurnal", "nomor jurnal", "voucher no",
        "no voucher", "reference", "referensi", "no referensi", "ref", "document",
    ),
    "code": (
        "account code", "account no", "account number", "accountcode", "accountno", "kode akun", "no akun",
        "nomor akun", "kode perkiraan", "no perkiraan", "nomor perkiraan", "coa", "coa number",
    ),
    "account": ("account", "account name", "accountname", "akun", "nama akun", "nama perkiraan", "coa name"),
    "description": (
        "description", "deskripsi", "keterangan", "uraian", "memo", "catatan", "note", "notes", "catatan akun",
        "line description", "detail memo", "catatan detail",
    ),
    "debit": ("debit", "debet", "debit amount", "nilai debit", "nilai debet", "jumlah debit", "amount debit"),
    "credit": ("credit", "kredit", "credit amount", "nilai kredit", "jumlah kredit", "amount credit"),
    "amount": ("amount", "jumlah", "nilai", "nominal", "nilai akun", "signed amount"),
    "side": ("side", "d c", "d k", "dc", "dk", "tipe", "amount type", "amounttype", "posisi", "debit kredit"),
    "branch": (
        "branch", "cabang", "department", "departemen", "nama departemen", "branch name", "nama cabang", "tag", "tags",
    ),
    "customer": ("customer", "pelanggan", "nama pelanggan", "customer name", "contact", "kontak", "subledger"),
    "currency": ("currency", "mata uang", "currency code", "kode mata uang"),
    "entry": ("entry", "entry id", "id"),
    "kind": ("kind", "kind of document", "jenis", "jenis dokumen", "type"),
}  # fmt: skip
_KNOWN = {word: source for source, words in _WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Fault:
    """`reason`: missing, twice or mixed; `sources` are what it is about."""

    reason: str
    sources: tuple[str, ...]


def propose(levels: Sequence[Level]) -> list[list[str]]:
    """For each heading what it is known to mean; empty where it says nothing, or another column has it already."""
    taken: set[str] = set()
    proposed = []
    for level in levels:
        columns = []
        for place, heading in enumerate(level.headings):
            source = "" if level.tag and not place else _KNOWN.get(_plain(heading), "")
            if source in taken and source in (*ONCE, "number", "code", "account", "branch", "customer"):
                source = ""
            taken.add(source)
            columns.append(source)
        proposed.append(columns)
    if {"debit", "credit"} <= taken:  # an amount beside both would count everything twice
        proposed = [["" if one in ("amount", "side") else one for one in columns] for columns in proposed]
    return proposed


def _plain(heading: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", re.sub(r"\(.*?\)", " ", heading.lower())).split())


def fault_of(columns: Sequence[Sequence[str]]) -> Fault | None:
    """What keeps these columns from holding the journal, each amount once; none when they do."""
    every = [source for level in columns for source in level if source]
    lines = [source for source in columns[-1] if source]
    if twice := tuple(source for source in ONCE if every.count(source) > 1):
        return Fault("twice", twice)
    if "date" not in every:
        return Fault("missing", ("date",))
    if "code" not in lines and "account" not in lines:
        return Fault("missing", ("code",))
    both = {"debit", "credit"}
    if both & set(every):
        if "amount" in every:
            return Fault("mixed", ("debit", "credit", "amount"))
        if not both <= set(lines):
            return Fault("missing", tuple(sorted(both - set(lines), reverse=True)))
    elif "amount" not in lines:
        return Fault("missing", ("debit", "credit"))
    return None
