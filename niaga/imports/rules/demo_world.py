"""The demo company's nouns: a food distributor, its places, people, goods and customers; the same from a seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from niaga.catalog.rules.barcodes import check_digit

COMPANY = {
    "code": "NUSA", "name": "Nusa Pangan", "legal_name": "PT Nusa Pangan Sejahtera", "npwp": "0013456789013000",
    "nitku": "0013456789013000000000", "street": "Jl. Rungkut Industri III No. 18", "city": "Surabaya",
    "province": "Jawa Timur", "postcode": "60293", "phone": "+62318432100", "email": "sales@nusapangan.example",
    "website": "nusapangan.example",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    name: str
    city: str
    province: str
    zone: str = "Asia/Jakarta"
    is_store: bool = False


PLACES = (
    Place("SBY", "Surabaya", "Surabaya", "Jawa Timur"),
    Place("SMG", "Semarang", "Semarang", "Jawa Tengah"),
    Place("MKS", "Makassar", "Makassar", "Sulawesi Selatan", "Asia/Makassar"),
    Place("TKO-SBY", "Toko Tunjungan", "Surabaya", "Jawa Timur", is_store=True),
    Place("TKO-MLG", "Toko Malang", "Malang", "Jawa Timur", is_store=True),
)
TEAMS = (("Tim Timur", "SBY"), ("Tim Tengah", "SMG"), ("Tim Sulawesi", "MKS"))


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    name: str
    role: str
    place: str
    team: str = ""


PASSWORD = "niaga-demo"
"""Of every person of the demo company; the first screen tells it."""
PEOPLE = (
    Person("owner", "Hendra Wijaya", "owner", "SBY"),
    Person("admin", "Ratna Lestari", "administrator", "SBY"),
    Person("manager", "Dewi Wulandari", "sales_manager", "SBY", "Tim Timur"),
    Person("salesadmin", "Fitri Handayani", "sales_admin", "SBY"),
    Person("warehouse", "Joko Susilo", "warehouse", "SBY"),
    Person("finance", "Sri Rahayu", "finance", "SBY"),
    Person("cashier", "Putu Ayu", "cashier", "TKO-SBY"),
    Person("auditor", "Bambang Nugroho", "auditor", "SBY"),
    Person("driver", "Slamet Riyadi", "driver", "SBY"),
    Person("maya", "Maya Putri", "salesperson", "SBY", "Tim Timur"),
    Person("rudi", "Rudi Hartono", "salesperson", "SBY", "Tim Timur"),
    Person("agus", "Agus Salim", "salesperson", "SBY", "Tim Timur"),
    Person("siti", "Siti Aminah", "salesperson", "SBY", "Tim Timur"),
    Person("yusuf", "Yusuf Maulana", "salesperson", "SBY", "Tim Timur"),
    Person("lina", "Lina Marlina", "salesperson", "SMG", "Tim Tengah"),
    Person("eko", "Eko Prasetyo", "salesperson", "SMG", "Tim Tengah"),
    Person("nur", "Nur Hidayah", "salesperson", "SMG", "Tim Tengah"),
    Person("budi", "Budi Santoso", "salesperson", "SMG", "Tim Tengah"),
    Person("andi", "Andi Baso", "salesperson", "MKS", "Tim Sulawesi"),
    Person("rahma", "Rahmawati", "salesperson", "MKS", "Tim Sulawesi"),
    Person("daeng", "Daeng Tata", "salesperson", "MKS", "Tim Sulawesi"),
)


@dataclass(frozen=True, slots=True)
class Good:
    """A product: `weight` says how often it sells, `season` how much Ramadan lifts it (1: not at all)."""

    sku: str
    name: str
    category: str
    brand: str
    unit: str
    price: Decimal
    cost: Decimal
    pack: tuple[str, Decimal] | None
    barcode: str
    weight: int
    season: float

    @property
    def kilos(self) -> Decimal:
        """What one weighs, packed: a kilogram and its bag, or its share of a box that a person lifts."""
        return Decimal("1.02") if self.pack is None else (Decimal(12) / self.pack[1]).quantize(Decimal("0.01"))

    @property
    def litres(self) -> Decimal:
        return (self.kilos * Decimal("1.3")).quantize(Decimal("0.01"))


_Kind = tuple[str, str, str, str, tuple[str, int] | None, tuple[str, ...], tuple[int, int], int, float]
# category, SKU prefix, noun, unit, pack, kinds with a price from to (thousand rupiah), weight, season
_RANGE: tuple[_Kind, ...] = (
    (
        "Beras",
        "BER",
        "Beras",
        "kg",
        None,
        ("premium", "medium", "pandan wangi", "merah", "ketan putih"),
        (13, 24),
        9,
        1.3,
    ),
    ("Gula & pemanis", "GUL", "Gula", "kg", None, ("pasir", "aren", "halus", "batu", "jawa"), (14, 38), 8, 1.8),
    (
        "Minyak",
        "MNY",
        "Minyak goreng",
        "pcs",
        ("box", 12),
        ("sawit 1 l", "sawit 2 l", "kelapa 1 l", "jagung 1 l"),
        (17, 62),
        9,
        1.7,
    ),
    (
        "Tepung",
        "TEP",
        "Tepung",
        "kg",
        None,
        ("terigu serbaguna", "terigu protein tinggi", "tapioka", "beras", "maizena"),
        (9, 26),
        7,
        1.9,
    ),
    (
        "Kopi & teh",
        "KOP",
        "Kopi",
        "pcs",
        ("box", 24),
        ("robusta sangrai 1 kg", "arabika Toraja 250 g", "susu sachet", "tubruk"),
        (15, 145),
        6,
        0.9,
    ),
    (
        "Kopi & teh",
        "TEH",
        "Teh",
        "pcs",
        ("box", 24),
        ("hitam celup 25", "melati celup 25", "hijau 100 g", "tarik instan"),
        (6, 32),
        5,
        1.5,
    ),
    (
        "Mi & pasta",
        "MIE",
        "Mi",
        "pcs",
        ("box", 40),
        ("instan goreng", "instan kuah soto", "telur 200 g", "bihun 250 g"),
        (3, 14),
        9,
        1.1,
    ),
    (
        "Bumbu & saus",
        "BMB",
        "Bumbu",
        "pcs",
        ("box", 24),
        ("kecap manis 550 ml", "sambal botol 340 ml", "saus tiram", "rendang 50 g"),
        (5, 29),
        6,
        1.6,
    ),
    (
        "Minuman",
        "MNM",
        "Minuman",
        "pcs",
        ("box", 24),
        ("sirup cocopandan 460 ml", "sirup melon 460 ml", "teh botol", "air mineral 600 ml"),
        (3, 28),
        7,
        2.6,
    ),
    (
        "Camilan",
        "CML",
        "Biskuit",
        "pcs",
        ("box", 12),
        ("kaleng 650 g", "wafer cokelat", "kelapa 300 g", "krim vanila"),
        (8, 68),
        7,
        2.8,
    ),
    (
        "Susu",
        "SUS",
        "Susu",
        "pcs",
        ("box", 12),
        ("UHT 1 l", "kental manis 370 g", "bubuk 400 g", "evaporasi"),
        (11, 78),
        6,
        1.4,
    ),
    (
        "Kebersihan",
        "BRS",
        "Sabun",
        "pcs",
        ("box", 24),
        ("cuci piring 800 ml", "cuci baju 1 kg", "mandi batang", "tangan 250 ml"),
        (4, 36),
        5,
        1.2,
    ),
)
_BRANDS = ("Nusantara", "Cap Merak", "Bukit Hijau", "Sari Laut", "Rasa Ibu", "Melati", "Gunung Agung", "Tiga Roda",
           "Kembang Desa", "Padi Mas", "Anugerah", "Sumber Rejeki", "Tani Jaya")  # fmt: skip


def goods(dice: Random, count: int = 600) -> list[Good]:
    """The range: every kind from several brands, prices in hundreds of rupiah."""
    made: list[Good] = []
    taken: dict[str, int] = {}
    while len(made) < count:
        for category, prefix, noun, unit, pack, kinds, (low, high), weight, season in _RANGE:
            number = taken[prefix] = taken.get(prefix, 0) + 1
            kind = kinds[(number - 1) % len(kinds)]
            brand = _BRANDS[(number - 1) // len(kinds) % len(_BRANDS)]
            price = Decimal(dice.randrange(low * 10, high * 10 + 1) * 100)
            cost = (price * Decimal(dice.randrange(72, 90)) / 100).quantize(Decimal(10))
            base = f"899{dice.randrange(10**9):09}"
            made.append(
                Good(
                    f"{prefix}-{number:04}", f"{noun} {kind} {brand}", category, brand, unit, price, cost,
                    (pack[0], Decimal(pack[1])) if pack else None, base + check_digit(base),
                    max(1, weight - dice.randrange(9) + dice.randrange(4)), season,
                )
            )  # fmt: skip
            if len(made) == count:
                break
    return made


@dataclass(frozen=True, slots=True)
class Parcel:
    """A bundle of the range's goods, by SKU and quantity; `season` as of a good."""

    sku: str
    name: str
    parts: tuple[tuple[str, int], ...]
    season: float

    def price(self, range_: Sequence[Good]) -> Decimal:
        """A tenth below what its parts cost one by one, in thousands of rupiah."""
        prices = {good.sku: good.price for good in range_}
        whole = sum((prices[sku] * quantity for sku, quantity in self.parts), Decimal(0))
        return (whole * 9 / 10000).quantize(Decimal(1)) * 1000


PARCELS = (
    Parcel("PKT-SEMBAKO", "Paket Sembako", (("BER-0002", 5), ("GUL-0001", 1), ("MNY-0001", 2), ("MIE-0001", 10)), 1.6),
    Parcel("PKT-LEBARAN", "Paket Lebaran", (("CML-0001", 2), ("MNM-0001", 2), ("TEH-0002", 1), ("GUL-0003", 1)), 3.0),
    Parcel(
        "PKT-PARSEL", "Parsel Istimewa",
        (("CML-0001", 1), ("CML-0002", 2), ("KOP-0002", 1), ("TEH-0001", 1), ("SUS-0003", 1), ("MNM-0002", 2)), 2.6,
    ),
    Parcel("PKT-DAPUR", "Paket Dapur", (("TEP-0001", 2), ("MNY-0002", 1), ("BMB-0001", 1), ("BMB-0003", 1)), 1.4),
    Parcel("PKT-SARAPAN", "Paket Sarapan", (("SUS-0001", 2), ("KOP-0001", 1), ("CML-0003", 2)), 1.0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Buyer:
    """A customer: `pace` says how often it buys, `haste` how soon it pays after the due day, in days (may be early)."""

    name: str
    group: str
    term: str
    city: str
    province: str
    street: str
    place: str
    salesperson: str
    phone: str
    contact: str
    limit: Decimal | None
    tags: tuple[str, ...]
    npwp: str
    pace: int
    haste: int


_CITIES = {
    "SBY": (("Surabaya", "Jawa Timur"), ("Sidoarjo", "Jawa Timur"), ("Gresik", "Jawa Timur"), ("Malang", "Jawa Timur"),
            ("Kediri", "Jawa Timur"), ("Jember", "Jawa Timur"), ("Denpasar", "Bali")),
    "SMG": (("Semarang", "Jawa Tengah"), ("Surakarta", "Jawa Tengah"), ("Kudus", "Jawa Tengah"),
            ("Yogyakarta", "DI Yogyakarta"), ("Pekalongan", "Jawa Tengah"), ("Magelang", "Jawa Tengah")),
    "MKS": (("Makassar", "Sulawesi Selatan"), ("Gowa", "Sulawesi Selatan"), ("Parepare", "Sulawesi Selatan"),
            ("Kendari", "Sulawesi Tenggara"), ("Palu", "Sulawesi Tengah")),
}  # fmt: skip
_FIRST = ("Toko", "UD", "CV", "Warung", "Swalayan", "Grosir", "PT", "RM", "Hotel", "Katering")
_SECOND = ("Makmur", "Sumber", "Karya", "Sinar", "Berkah", "Anugerah", "Maju", "Jaya", "Lancar", "Barokah", "Tunas",
           "Mulia", "Setia", "Harapan", "Cahaya", "Bintang", "Mitra", "Sentosa", "Rejeki", "Abadi")  # fmt: skip
_THIRD = ("Jaya", "Rejeki", "Tani", "Bahari", "Bersama", "Pangan", "Sejahtera", "Abadi", "Utama", "Indah", "Baru",
          "Mandiri", "Lestari", "Raya", "Timur", "Kencana", "Sari", "Murni")  # fmt: skip
_STREETS = ("Jl. Diponegoro", "Jl. Ahmad Yani", "Jl. Pahlawan", "Jl. Gatot Subroto", "Jl. Veteran", "Jl. Kartini",
            "Jl. Sudirman", "Jl. Hasanuddin", "Pasar Besar Blok B")  # fmt: skip
_NAMES = (
    "Sari",
    "Wati",
    "Hasan",
    "Rahman",
    "Lestari",
    "Slamet",
    "Mulyono",
    "Tini",
    "Yanti",
    "Arifin",
    "Haryanto",
    "Fatimah",
)
_GROUPS = {"Hotel": "HORECA", "RM": "HORECA", "Katering": "HORECA", "Swalayan": "MODERN", "PT": "MODERN",
           "Grosir": "WHOLESALE", "CV": "WHOLESALE", "UD": "WHOLESALE"}  # fmt: skip
_TERMS = {
    "RETAIL": ("CASH", "NET7"),
    "WHOLESALE": ("NET14", "NET30"),
    "MODERN": ("NET30", "EOM10"),
    "HORECA": ("NET14",),
}


def buyers(dice: Random, count: int = 400) -> list[Buyer]:
    sellers: dict[str, list[str]] = {}
    for person in PEOPLE:
        if person.role == "salesperson":
            sellers.setdefault(person.place, []).append(person.username)
    made: list[Buyer] = []
    seen: set[str] = set()
    while len(made) < count:
        kind = dice.choice(_FIRST)
        name = f"{kind} {dice.choice(_SECOND)} {dice.choice(_THIRD)}"
        place = dice.choices(("SBY", "SMG", "MKS"), (5, 4, 3))[0]
        city, province = dice.choice(_CITIES[place])
        if name in seen:
            name = f"{name} {city}"
        if name in seen:
            continue
        seen.add(name)
        group = _GROUPS.get(kind, "RETAIL")
        big = group != "RETAIL"
        made.append(
            Buyer(
                name=name, group=group, term=dice.choice(_TERMS[group]), city=city, province=province,
                street=f"{dice.choice(_STREETS)} No. {dice.randrange(1, 220)}", place=place,
                salesperson=dice.choice(sellers[place]), phone=f"+6281{dice.randrange(10**9):09}",
                contact=f"{dice.choice(('Ibu', 'Bapak'))} {dice.choice(_NAMES)}",
                limit=Decimal(dice.randrange(8, 60) * (10_000_000 if big else 2_000_000)),
                tags=("prioritas",) if dice.random() < 0.12 else (),
                npwp=f"{dice.randrange(10**15):016}" if big and dice.random() < 0.6 else "",
                pace=dice.randrange(1, 10 if big else 6), haste=dice.choice((-6, -3, -1, 0, 0, 2, 5, 12, 40)),
            )
        )  # fmt: skip
    return made
