"""What a bank's file says: rules without a database, and files that mean harm."""

from datetime import date
from decimal import Decimal

import pytest

from niaga.payments.rules.layout import Layout, layout_of, ready_layout
from niaga.payments.rules.read_camt import read_camt
from niaga.payments.rules.read_csv import decoded, parse_amount, read_csv, rows_of
from niaga.payments.rules.read_lines import MOST_BYTES, ReadLine, UnreadableStatement, keys_of
from niaga.payments.rules.read_mt940 import read_mt940
from niaga.payments.rules.read_statement import format_of

TODAY = date(2026, 11, 28)
KLIKBCA = """No. rekening,=,'1234567890
Nama,=,PT UJI
Mata Uang,=,IDR

Tanggal,Keterangan,Cabang,Jumlah,,Saldo
'23/11,"TRSF E-BANKING CR 2311/FTSCY/WS95031 INV 12 SUMBER MAKMUR",'0000,1110000.00,CR,2110000.00
'24/11,BIAYA ADM,'0000,15000.00,DB,2095000.00
PEND,KARTU DEBIT,'0000,5000.00,DB,2090000.00

Saldo Awal,=,1000000.00
Saldo Akhir,=,2095000.00
"""
TWO = Layout(("date", "text", "money_out", "money_in", "reference"), 1, "d/m/y", ",", ";")
MT940 = """:20:STMT
:25:1234567890
:28C:00001/001
:60F:C261101IDR1000000,00
:61:2611021102C1500000,00NTRFREF123//BANK1
:86:TRSF INV-2026-00001 TOKO MAKMUR
:61:2611021102D6500,00NCHGNONREF
:86:BIAYA ADM
:62F:C261102IDR2493500,00
"""
CAMT = """<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>
<Stmt>
<Acct><Id><Othr><Id>1234567890</Id></Othr></Id></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="IDR">1000000</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="IDR">2500000</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="IDR">1500000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{status}</Sts><BookgDt><Dt>2026-11-02</Dt></BookgDt>
<AcctSvcrRef>B1</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr>{payer}</Dbtr><DbtrAcct><Id><Othr><Id>99887766</Id>
</Othr></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>INV-2026-00001</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


def test_klikbca_is_known_by_its_heading_and_read_with_its_balances() -> None:
    layout = ready_layout(rows_of(KLIKBCA))
    assert layout is not None

    found = read_csv(KLIKBCA, layout, today=TODAY)

    assert [(line.date, line.amount) for line in found.lines] == [
        (date(2026, 11, 23), Decimal(1_110_000)), (date(2026, 11, 24), Decimal(-15_000)),
    ]  # fmt: skip
    assert (found.opening, found.closing, found.adds_up) == (1_000_000, 2_095_000, True)
    assert "PEND" in found.left_out[0][1]


def test_a_day_without_a_year_is_the_latest_such_day() -> None:
    layout = ready_layout(rows_of(KLIKBCA))
    assert layout is not None

    found = read_csv(KLIKBCA, layout, today=date(2027, 1, 3))

    assert found.lines[0].date == date(2026, 11, 23)


def test_two_columns_and_indonesian_amounts() -> None:
    text = "Tanggal;Uraian;Debet;Kredit;Ref\n02/11/2026;Masuk;;1.500.000,50;A1\n03-11-26;Keluar;6.500,00;;A2\n"

    found = read_csv(text, TWO, today=TODAY)

    assert [line.amount for line in found.lines] == [Decimal("1500000.50"), Decimal(-6_500)]
    assert [line.reference for line in found.lines] == ["A1", "A2"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("02/11/2026;Masuk;;satu juta;A1", "amount"),
        ("02/11/2026;Masuk;5.000;5.000;A1", "both_ways"),
        ("02/11/2026;Masuk;;0;A1", "amount"),
        ("02/11/2026;Masuk;;1,500,000.00;A1", "amount"),
        ("kemarin;Masuk;;5.000;A1", "no_lines"),
    ],
)
def test_a_movement_that_cannot_be_read_stops_the_file(row: str, code: str) -> None:
    with pytest.raises(UnreadableStatement) as refused:
        read_csv(f"Tanggal;Uraian;Debet;Kredit;Ref\n{row}\n", TWO, today=TODAY)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "decimal", "amount"),
    [("Rp 1.234.567", ",", "1234567"), ("(500)", ".", "-500"), ("500.25 DB", ".", "500.25"), ("1e9", ".", None),
     ("12.34.5", ",", None), ("NaN", ".", None), ("١٢٣", ".", None)],
)  # fmt: skip
def test_amounts_as_they_are_written(text: str, decimal: str, amount: str | None) -> None:
    assert parse_amount(text, decimal) == (None if amount is None else Decimal(amount))


def test_the_same_statement_has_the_same_keys_and_two_equal_transfers_are_two() -> None:
    line = ReadLine(TODAY, Decimal(100_000), "SETORAN TUNAI")

    assert keys_of([line, line]) == keys_of([line, line])
    assert len(set(keys_of([line, line]))) == 2
    assert keys_of([line]) == keys_of([line, line])[:1]


def test_the_bank_s_reference_makes_the_key_whatever_the_text() -> None:
    one, other = (ReadLine(TODAY, Decimal(5), text, reference="FT1") for text in ("TRSF", "TRSF E-BANKING"))

    assert keys_of([one]) == keys_of([other])


def test_mt940_is_read_with_its_balances() -> None:
    found = read_mt940(MT940)

    assert [(line.amount, line.reference) for line in found.lines] == [(1_500_000, "BANK1"), (-6_500, "")]
    assert (found.account, found.currency, found.adds_up) == ("1234567890", "IDR", True)
    assert "INV-2026-00001" in found.lines[0].text


def test_a_broken_mt940_is_not_read_in_part() -> None:
    with pytest.raises(UnreadableStatement):
        read_mt940(MT940.replace(":61:2611021102D6500,00NCHGNONREF", ":61:nonsense"))


@pytest.mark.parametrize(("version", "payer"), [("02", "<Nm>TOKO X</Nm>"), ("08", "<Pty><Nm>TOKO X</Nm></Pty>")])
def test_camt_is_read_in_old_and_new_versions(version: str, payer: str) -> None:
    found = read_camt(CAMT.format(version=version, status="BOOK", payer=payer).encode())

    [line] = found.lines
    assert (line.amount, line.payer, line.payer_account, line.reference) == (1_500_000, "TOKO X", "99887766", "B1")
    assert (found.account, found.currency, found.adds_up) == ("1234567890", "IDR", True)


def test_pending_entries_are_not_taken() -> None:
    with pytest.raises(UnreadableStatement) as refused:
        read_camt(CAMT.format(version="02", status="PDNG", payer="").encode())

    assert refused.value.code == "no_lines"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_with_entities_is_refused_before_it_is_parsed(encoding: str) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'

    with pytest.raises(UnreadableStatement) as refused:
        read_camt(bomb.encode(encoding))

    assert refused.value.code in ("entities", "not_xml")


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04rest", b"%PDF-1.7", b"\x1f\x8b\x08", b"a\x00\x00\x01b"])
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableStatement):
        decoded(raw)


def test_a_file_above_the_limit_is_refused() -> None:
    with pytest.raises(UnreadableStatement) as refused:
        format_of(b"a" * (MOST_BYTES + 1))

    assert refused.value.code == "too_large"


def test_a_layout_from_outside_keeps_only_what_can_be() -> None:
    layout = layout_of(
        {"columns": ["date", "DROP TABLE", "text"], "skip": "-5", "dates": "x", "decimal": "?", "boo": 1}
    )

    assert (list(layout.columns), layout.skip, layout.dates, layout.decimal) == (["date", "", "text"], 0, "d/m/y", ".")
    assert layout.fault == "amount"
