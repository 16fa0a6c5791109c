from uuid import UUID

from niaga.ledger.models import Account, RoleAccount

# A usual Indonesian chart: 1 assets, 2 liabilities, 3 equity, 4 revenue, 5 cost of sales, 6 costs, 8 other.
# The company may choose others (`map_accounts`).
_CHART = {
    "cash": ("1101", "Kas"),
    "bank": ("1102", "Bank"),
    "giro": ("1103", "Giro diterima"),
    "card": ("1104", "Kartu dalam proses"),
    "gateway_clearing": ("1106", "Gerbang pembayaran dalam proses"),
    "receivable": ("1201", "Piutang usaha"),
    "tax_by_buyer": ("1202", "Piutang PPN yang disetor pemungut"),
    "tax_payable": ("2101", "PPN keluaran"),
    "luxury_tax_payable": ("2103", "PPnBM keluaran"),
    "advances": ("2102", "Uang muka pelanggan"),
    "revenue": ("4101", "Penjualan"),
    "early_discounts": ("4102", "Potongan penjualan (pembayaran awal)"),
    "rounding": ("8101", "Pembulatan"),
    "exchange_gain": ("8102", "Laba selisih kurs"),
    "exchange_loss": ("8103", "Rugi selisih kurs"),
    "exchange_rounding": ("8104", "Pembulatan kurs"),
    "inventory": ("1301", "Persediaan barang dagang"),
    "goods_in_transit": ("1302", "Barang dalam perjalanan"),
    "goods_received": ("2104", "Barang diterima belum ditagih"),
    "opening_stock": ("3101", "Saldo awal persediaan"),
    "cost_of_sales": ("5101", "Beban pokok penjualan"),
    "stock_gain": ("8105", "Selisih lebih persediaan"),
    "stock_loss": ("8106", "Selisih kurang persediaan"),
    "money_in_transit": ("1105", "Pemindahan antar rekening"),
    "withheld_tax": ("1203", "PPh 23 dibayar di muka"),
    "suspense": ("2105", "Penerimaan belum dikenali"),
    "owners_money": ("3102", "Setoran dan prive pemilik"),
    "other_costs": ("6101", "Beban lain-lain"),
    "bank_fees": ("8107", "Biaya bank"),
    "bank_interest": ("8108", "Pendapatan bunga bank"),
    "gateway_fees": ("8109", "Biaya gerbang pembayaran"),
    "bad_debt": ("6102", "Beban piutang tak tertagih"),
    "payment_differences": ("8110", "Selisih pembayaran"),
    "late_fees": ("8111", "Pendapatan denda keterlambatan"),
    "giro_fees": ("8112", "Penggantian biaya giro ditolak"),
    "supplier_credits": ("1204", "Klaim retur kepada pemasok"),
}


def open_books(*, company_id: UUID) -> None:
    """Give a new company its accounts, one for each role. What is there already stays."""
    codes = {code for code, _name in _CHART.values()}
    Account.objects.bulk_create(
        [Account(company_id=company_id, code=code, name=name) for code, name in _CHART.values()], ignore_conflicts=True
    )
    found = dict(Account.objects.filter(company_id=company_id, code__in=codes).values_list("code", "id"))
    RoleAccount.objects.bulk_create(
        [RoleAccount(company_id=company_id, role=role, account_id=found[code]) for role, (code, _) in _CHART.items()],
        ignore_conflicts=True,
    )
