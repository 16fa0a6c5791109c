"""What can be moved in, and the columns of each kind: the names they go by in other people's files, and examples."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    NUMBER = "number"
    MOMENT = "moment"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of ours. `headings` are what files call it, in Indonesian and English, beside its own name."""

    name: str
    headings: tuple[str, ...]
    examples: tuple[str, str]
    shape: Shape = Shape.TEXT
    required: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """`key` names the column that tells rows apart; rows of a sale share it."""

    name: str
    key: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


_N, _M, _Y = Shape.NUMBER, Shape.MOMENT, Shape.YES_NO

CUSTOMERS = Kind(
    "customers",
    "code",
    (
        Column("code", ("kode", "kode pelanggan", "customer code", "customer id", "customer no", "id pelanggan",
                        "no pelanggan"), ("PLG-001", "PLG-002")),
        Column("name", ("nama", "nama pelanggan", "customer", "customer name", "pelanggan", "nama toko",
                        "company name"), ("Toko Sinar Jaya", "Budi Santoso"), required=True),
        Column("legal_name", ("nama badan hukum", "nama legal", "legal entity", "nama npwp", "nama perusahaan"),
               ("CV Sinar Jaya Abadi", "")),
        Column("is_person", ("perorangan", "person", "individual", "pribadi"), ("tidak", "ya"), _Y),
        Column("email", ("e-mail", "surel", "alamat email", "email address"), ("beli@sinarjaya.co.id", "")),
        Column("phone", ("telepon", "telp", "no telepon", "no hp", "hp", "handphone", "whatsapp", "wa", "mobile",
                         "phone number", "telephone"), ("+62 812-3456-7890", "+62 813-9876-5432")),
        Column("npwp", ("no npwp", "nomor npwp", "tax number", "tax id", "vat number"), ("0012345678901000", "")),
        Column("nik", ("no ktp", "ktp", "nomor ktp", "no nik", "national id"), ("", "3578012304850001")),
        Column("group", ("grup", "kelompok", "grup pelanggan", "customer group", "kategori pelanggan"), ("RETAIL", "")),
        Column("payment_term", ("termin", "termin pembayaran", "tempo", "top", "payment terms", "terms",
                                "syarat bayar"), ("NET30", "CASH")),
        Column("currency", ("mata uang", "valuta", "mata uang dokumen", "currency code"), ("", "")),
        Column("credit_limit", ("limit kredit", "plafon", "plafon kredit", "limit"), ("25000000", ""), _N),
        Column("salesperson", ("sales", "salesman", "nama sales", "sales rep", "account manager"), ("", "")),
        Column("branch", ("cabang", "kode cabang", "store", "outlet", "branch code"), ("", "")),
        Column("contact_name", ("nama kontak", "kontak", "contact", "pic", "contact person"), ("Ibu Lina", "")),
        Column("contact_phone", ("telepon kontak", "hp kontak", "hp pic", "pic phone"), ("+62 812-1111-2222", "")),
        Column("contact_email", ("email kontak", "email pic", "pic email"), ("lina@sinarjaya.co.id", "")),
        Column("street", ("alamat", "jalan", "address", "street address", "alamat lengkap", "address line 1"),
               ("Jl. Raya Darmo 12", "Jl. Melati 5")),
        Column("district", ("kecamatan", "kelurahan", "address line 2"), ("Wonokromo", "")),
        Column("city", ("kota", "kabupaten", "kota kabupaten", "town"), ("Surabaya", "Malang")),
        Column("province", ("provinsi", "propinsi", "state", "region"), ("Jawa Timur", "Jawa Timur")),
        Column("postcode", ("kode pos", "zip", "zip code", "postal code"), ("60241", "")),
        Column("country", ("negara", "country code"), ("ID", "ID")),
        Column("note", ("catatan", "keterangan", "notes", "remarks", "memo"), ("", "Bayar tunai")),
    ),
)  # fmt: skip

PRODUCTS = Kind(
    "products",
    "sku",
    (
        Column("sku", ("kode", "kode barang", "kode produk", "item code", "product code", "product id", "item no",
                       "no barang", "plu"), ("KPI-250", "GLA-1KG")),
        Column("name", ("nama", "nama barang", "nama produk", "product name", "item name", "product", "barang",
                        "produk", "item"), ("Kopi Bubuk 250 g", "Gula Pasir 1 kg"), required=True),
        Column("description", ("deskripsi", "keterangan", "keterangan barang", "details"), ("", "")),
        Column("kind", ("jenis", "jenis barang", "tipe", "product type", "type"), ("goods", "goods")),
        Column("category", ("kategori", "golongan", "kelompok barang", "product category"),
               ("Minuman > Kopi", "Sembako")),
        Column("brand", ("merek", "merk", "manufacturer", "pabrikan"), ("Tugu", "Manis")),
        Column("unit", ("satuan", "satuan dasar", "uom", "unit of measure", "base unit"), ("pcs", "pcs")),
        Column("price", ("harga", "harga jual", "selling price", "list price", "harga satuan", "unit price"),
               ("27500", "17500"), _N),
        Column("cost", ("harga pokok", "hpp", "modal", "harga beli", "purchase price", "unit cost"),
               ("21000", "15200"), _N),
        Column("weight", ("berat", "berat kg", "bobot", "weight kg", "gross weight", "berat kotor"), ("0.26", "1"), _N),
        Column("volume", ("volume", "volume liter", "isi liter", "volume litres", "liter"), ("0.6", ""), _N),
        Column("barcode", ("kode batang", "ean", "upc", "gtin", "bar code"), ("", "")),
        Column("box_unit", ("satuan besar", "satuan kedua", "second unit", "packing unit", "kemasan"), ("box", "")),
        Column("box_factor", ("isi", "isi kemasan", "isi per dus", "units per box", "conversion", "konversi"),
               ("24", ""), _N),
        Column("box_price", ("harga dus", "harga kemasan", "box price", "harga per dus"), ("640000", ""), _N),
        Column("box_weight", ("berat dus", "berat kemasan", "box weight", "berat per dus"), ("6.6", ""), _N),
        Column("box_volume", ("volume dus", "volume kemasan", "box volume", "volume per dus"), ("16", ""), _N),
        Column("tax_category", ("kategori pajak", "pajak", "tax", "tax code", "ppn"), ("general", "")),
        Column("archived", ("arsip", "nonaktif", "tidak aktif", "inactive", "discontinued"), ("", "tidak"), _Y),
    ),
)  # fmt: skip

BRANCHES = Kind(
    "branches",
    "code",
    (
        Column("code", ("kode", "kode cabang", "branch code", "store code", "store id", "kode toko"), ("SBY", "MLG-1"),
               required=True),
        Column("name", ("nama", "nama cabang", "branch name", "store name", "nama toko", "cabang", "store", "branch"),
               ("Surabaya", "Toko Malang"), required=True),
        Column("is_store", ("toko", "gerai", "retail", "is a store"), ("tidak", "ya"), _Y),
        Column("street", ("alamat", "jalan", "address"), ("Jl. Rungkut Industri 8", "Jl. Ijen 20")),
        Column("city", ("kota", "kabupaten"), ("Surabaya", "Malang")),
        Column("phone", ("telepon", "telp", "phone number"), ("031-8491234", "")),
        Column("zone", ("zona waktu", "time zone", "timezone"), ("Asia/Jakarta", "Asia/Jakarta")),
    ),
)  # fmt: skip

PRICES = Kind(
    "prices",
    "sku",
    (
        Column("price_list", ("daftar harga", "kode daftar harga", "list", "price level", "level harga"),
               ("GROSIR", "GROSIR"), required=True),
        Column("group", ("grup", "grup pelanggan", "customer group", "kelompok pelanggan"), ("WHOLESALE", "WHOLESALE")),
        Column("sku", ("kode", "kode barang", "kode produk", "item code", "product code", "product id", "product"),
               ("KPI-250", "KPI-250"), required=True),
        Column("min_quantity", ("jumlah minimum", "min qty", "minimum", "mulai jumlah", "quantity from", "qty"),
               ("", "48"), _N),
        Column("price", ("harga", "harga jual", "selling price", "unit price"), ("26000", "24500"), _N, required=True),
        Column("valid_from", ("berlaku mulai", "mulai", "from", "start date", "tanggal mulai"),
               ("2026-01-01", "2026-01-01"), _M),
        Column("valid_to", ("berlaku sampai", "sampai", "to", "until", "end date", "tanggal akhir"), ("", ""), _M),
        Column("currency", ("mata uang", "valuta", "kurs"), ("", "")),
        Column("with_tax", ("termasuk pajak", "termasuk ppn", "harga termasuk ppn", "including tax", "tax included"),
               ("", ""), _Y),
    ),
)  # fmt: skip

STOCK = Kind(
    "stock",
    "sku",
    (
        Column("warehouse", ("gudang", "kode gudang", "warehouse code", "location", "lokasi"), ("GUDANG", "GUDANG")),
        Column("sku", ("kode", "kode barang", "kode produk", "item code", "product code", "product id", "product"),
               ("KPI-250", "GLA-1KG"), required=True),
        Column("quantity", ("jumlah", "qty", "stok", "saldo", "on hand", "stock", "saldo awal", "kuantitas"),
               ("120", "300"), _N, required=True),
        Column("unit_cost", ("harga pokok", "hpp", "cost", "modal", "harga beli"), ("21000", "15200"), _N),
    ),
)  # fmt: skip

SALES = Kind(
    "sales",
    "number",
    (
        Column("number", ("nomor", "no faktur", "nomor faktur", "no nota", "nomor nota", "invoice no", "invoice number",
                          "receipt", "receipt no", "receipt number", "order no", "basket id", "no transaksi",
                          "document no", "no struk"), ("INV-2019-00012", "INV-2019-00012"), required=True),
        Column("date", ("tanggal", "tgl", "tanggal faktur", "tanggal transaksi", "invoice date", "order date",
                        "sold at", "transaction date", "transaction timestamp", "waktu"),
               ("2019-03-14 10:25", "2019-03-14 10:25"), _M, required=True),
        Column("branch", ("cabang", "kode cabang", "toko", "store", "store id", "outlet", "branch code"), ("", "")),
        Column("customer", ("pelanggan", "kode pelanggan", "customer code", "customer id", "household id"),
               ("PLG-001", "PLG-001")),
        Column("salesperson", ("sales", "salesman", "nama sales", "sales rep", "cashier", "kasir"), ("", "")),
        Column("product", ("produk", "barang", "kode barang", "kode produk", "sku", "item code", "product code",
                           "product id"), ("KPI-250", "GLA-1KG"), required=True),
        Column("quantity", ("jumlah", "qty", "banyaknya", "kuantitas", "units"), ("10", "5"), _N, required=True),
        Column("amount", ("nilai", "total", "jumlah harga", "subtotal", "line total", "sales value", "net amount",
                          "total harga", "nilai bersih"), ("265000", "87500"), _N, required=True),
        Column("discount", ("diskon", "potongan", "disc", "discount amount"), ("10000", ""), _N),
        Column("coupon", ("kupon", "voucher", "coupon amount", "coupon disc"), ("", ""), _N),
        Column("gross", ("bruto", "nilai bruto", "gross amount", "before discount"), ("", ""), _N),
        Column("currency", ("mata uang", "valuta", "kurs"), ("", "")),
    ),
)  # fmt: skip

TAX_SERIALS = Kind(
    "tax_serials",
    "number",
    (
        Column("number", ("referensi", "nomor referensi", "no referensi", "reference", "ref desc", "nomor invoice",
                          "no invoice", "invoice number"), ("INV-2026-00001", "INV-2026-00002"), required=True),
        Column("serial", ("nomor faktur pajak", "no faktur pajak", "nsfp", "nomor seri faktur pajak", "nomor seri",
                          "tax invoice number", "serial number"), ("04002600000000123", "04002600000000124"),
               required=True),
        Column("date", ("tanggal faktur pajak", "tanggal faktur", "tgl faktur pajak", "tanggal", "tax invoice date"),
               ("2026-11-26", "2026-11-26"), _M),
        Column("status", ("status faktur", "status faktur pajak", "tax invoice status"), ("APPROVED", "APPROVED")),
    ),
)  # fmt: skip

KINDS: Mapping[str, Kind] = {
    kind.name: kind for kind in (BRANCHES, CUSTOMERS, PRODUCTS, PRICES, STOCK, SALES, TAX_SERIALS)
}

UPDATABLE = ("customers", "products")
"""Kinds whose rows may bring up to date what is there, found by the kind's key."""

ROW = "row"
REASON = "reason"
_OURS = {ROW: ("baris", "row", "line"), REASON: ("sebab", "reason", "alasan", "why")}


def fold_heading(text: str) -> str:
    """`No. Faktur *` as `no faktur`: lower case, no accents, words of letters and digits."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in plain if not unicodedata.combining(char)).casefold()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def guess_mapping(kind: Kind, headings: Sequence[str], labels: Mapping[str, str] | None = None) -> dict[str, str]:
    """Our column to the file's heading, where a heading's words say so; a heading serves one column.

    A column's own name and its label on screen (`labels`) go before the other names it has.
    """
    folded = [fold_heading(heading) for heading in headings]
    taken: set[int] = set()
    mapping: dict[str, str] = {}
    for names in (
        lambda column: [column.name.replace("_", " ")],
        lambda column: [fold_heading((labels or {}).get(column.name, ""))],
        lambda column: list(column.headings),
    ):
        for column in kind.columns:
            if column.name in mapping:
                continue
            for name in map(fold_heading, names(column)):
                found = next((n for n, word in enumerate(folded) if word and word == name and n not in taken), None)
                if found is not None:
                    taken.add(found)
                    mapping[column.name] = headings[found]
                    break
    return mapping


def guess_kind(headings: Sequence[str]) -> str | None:
    """The kind whose required columns the headings hold and of which they name the most; None when none fits."""
    best, most = None, 0
    for kind in (SALES, PRICES, STOCK, PRODUCTS, CUSTOMERS, BRANCHES):
        mapping = guess_mapping(kind, headings)
        if all(column.name in mapping for column in kind.columns if column.required) and len(mapping) > most:
            best, most = kind.name, len(mapping)
    return best


def marks(headings: Sequence[str]) -> dict[str, int]:
    """Where a corrected file carries our own marks: the row it corrects, and the reason."""
    found: dict[str, int] = {}
    for position, heading in enumerate(headings):
        for mark, words in _OURS.items():
            if fold_heading(heading) in words and mark not in found:
                found[mark] = position
    return found
