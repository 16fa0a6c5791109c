"""Bank lines with what each is, drawn from a seed: who paid which invoices, written as banks and people write it.

No real statement is behind them. Their kinds of noise are those of real ones: capitals, prefixes of the bank, a text
cut off at 35 characters, typing errors, the kind of business first or last or nowhere, numbers without dashes or zeros
or with O for 0, one transfer for several invoices, wrong amounts, unique codes, fees, tax kept back, strangers.
"""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from niaga.payments.rules.match_facts import Debt, Known, LineFacts, Match, MatchFacts
from niaga.payments.rules.numbers_in_text import Series
from niaga.payments.rules.payer import blocking_keys

TODAY = date(2026, 11, 23)
KINDS = {
    "number": 26, "name": 22, "number_and_name": 10, "several_numbers": 6, "several_by_name": 5, "wrong_amount": 5,
    "unique_code": 6, "fee": 4, "kept_back": 3, "known_account": 4, "stranger": 5, "bank": 4,
}  # fmt: skip
"""How many of a hundred lines."""
_FORMS = ("PT", "CV", "UD", "Toko", "PT", "CV", "TB")
_FIRST_WORDS = (
    "Sinar Sumber Karya Anugerah Cahaya Mitra Bintang Surya Indo Mega Multi Panca Tri Dwi Eka Prima Graha Bumi"
    " Tirta Agung Mulia Rejeki Berkah Maju Usaha Jaya Harapan Putra Cipta Global Nusa Citra Duta Gemilang"
    " Kencana Lestari"
)
_SECOND_WORDS = (
    "Makmur Abadi Sejahtera Mandala Perkasa Sentosa Utama Lancar Gemilang Barokah Bersama Nusantara Mustika"
    " Raya Santoso Wijaya Halim Kusuma Pratama Hartono Gunawan Setiawan Susanto Tanjung Lubis Siregar Wibowo"
    " Permadi Hidayat Saputra Rahayu Lestari Anggraini Pertiwi Handayani Kartika Dewantara Nugraha Firmansyah"
    " Kurniawan Suryadi Winata"
)
_THIRD_WORDS = (
    "Elektrik Pangan Logistik Bangunan Farma Tekstil Motor Plastik Kimia Kertas Kayu Baja Tani Laut Garmen"
    " Optik Medika Komputer Furnitur Percetakan Kopi Beras Ternak Bahari Pustaka"
)
_FIRST, _SECOND, _THIRD = _FIRST_WORDS.split(), _SECOND_WORDS.split(), _THIRD_WORDS.split()
_PREFIXES = (
    "TRSF E-BANKING CR 2311/FTSCY/WS95031 ", "KR OTOMATIS LLG-MANDIRI ", "BI-FAST CR TRANSFER DR 014 ",
    "SWITCHING CR TRF DR 008 ",
    "SETORAN TRANSFER ", "MCM INHOUSETRF DARI ", "CR RTGS ", "",
)  # fmt: skip
_BANK = (
    ("BIAYA ADM BULANAN", -15_000, "bank_fees"), ("BUNGA REKENING", 4_217, "bank_interest"),
    ("PAJAK BUNGA", -843, "other_costs"), ("BIAYA TRANSFER", -6_500, "bank_fees"),
    ("JASA GIRO", 12_950, "bank_interest"),
)  # fmt: skip


@dataclass(frozen=True)
class Labelled:
    """A line and the truth of it: the customer and invoices, or the account, or nobody."""

    line: LineFacts
    kind: str
    customer_id: UUID | None
    invoices: frozenset[UUID]
    role: str = ""


class Drawn:
    """A world of customers with open invoices, and lines that pay them."""

    def __init__(self, seed: int, *, lines: int, customers: int, invoices: int) -> None:
        self.draw = random.Random(seed)
        self.names = {self._id(): self._name() for _each in range(customers)}
        ids = list(self.names)
        self.debts = [self._debt(number, self.draw.choice(ids)) for number in range(1, invoices + 1)]
        self.left: dict[UUID, list[Debt]] = {}
        for debt in self.debts:
            self.left.setdefault(debt.customer_id, []).append(debt)
        self.accounts = {key: str(self.draw.randrange(10**9, 10**10)) for key in ids}
        weights = list(KINDS.values())
        self.lines = [self._line(self.draw.choices(list(KINDS), weights)[0]) for _each in range(lines)]

    def facts(self) -> MatchFacts:
        """What the matcher is told; of every third customer it knows the account from before."""
        keys: dict[str, list[UUID]] = {}
        for key, name in self.names.items():
            for word in blocking_keys(name):
                keys.setdefault(word, []).append(key)
        paid = {one.customer_id for one in self.lines if one.kind == "known_account"}
        known = {
            f"account:{self.accounts[key]}": [Known(key, 3)]
            for place, key in enumerate(self.names)
            if key in paid or place % 3 == 0
        }
        return MatchFacts(
            series=[Series("invoice", "INV-2026-", 5)], debts={debt.invoice_id: debt for debt in self.debts},
            names={key: [name] for key, name in self.names.items()}, keys=keys, known=known,
        )  # fmt: skip

    def _id(self) -> UUID:
        return UUID(int=self.draw.getrandbits(128))

    def _name(self) -> str:
        words = [self.draw.choice(_FIRST), self.draw.choice(_SECOND)]
        if self.draw.random() < 0.75:
            words.append(self.draw.choice(_THIRD))
        return f"{self.draw.choice(_FORMS)} {' '.join(words)}"

    def _debt(self, number: int, customer_id: UUID) -> Debt:
        net = Decimal(self.draw.randrange(200, 30_000)) * 1000 + self.draw.choice((0, 0, 500, 250))
        total = (net * Decimal("1.11")).quantize(Decimal(1))
        due = TODAY + timedelta(days=self.draw.randrange(-60, 30))
        return Debt(self._id(), f"INV-2026-{number:05}", customer_id, total, total, net, due, UUID(int=1))

    def _line(self, kind: str) -> Labelled:
        if kind == "bank":
            text, amount, role = self.draw.choice(_BANK)
            return Labelled(self._facts(Decimal(amount), text), kind, None, frozenset(), role)
        if kind == "stranger":
            text = self._said(self._person())
            return Labelled(self._facts(self._odd_amount(), text), kind, None, frozenset())
        debts = self._take({"several_numbers": 3, "several_by_name": 2}.get(kind, 1))
        owed, name = sum((debt.open for debt in debts), Decimal(0)), self.names[debts[0].customer_id]
        amount, by_number = owed, self.draw.random() < 0.5
        if kind == "wrong_amount":
            amount = owed + self.draw.choice((-1, 1)) * Decimal(self.draw.randrange(40, 400)) * 1000
            amount = amount if amount > 0 else owed + 77_000
            by_number = True
        elif kind == "unique_code":
            amount, by_number = owed + self.draw.randrange(1, 1000), False
        elif kind == "fee":
            amount = owed - self.draw.choice((2_500, 5_000, 6_500, 2_900))
        elif kind == "kept_back":
            amount = owed - (debts[0].net * 2 / 100).quantize(Decimal(1))
        numbers = ", ".join([self._number(debts[0].number), *(str(int(one.number[-5:])) for one in debts[1:])])
        if kind in ("number", "several_numbers"):
            told = numbers
        elif kind == "number_and_name":
            told = f"{numbers} {self._written(name)}"
        elif kind == "known_account":
            told = "PEMBAYARAN"
        elif kind in ("name", "several_by_name") or not by_number:
            told = self._written(name)
        else:
            told = f"{numbers} {self._written(name)}"
        account = self.accounts[debts[0].customer_id] if kind == "known_account" else ""
        line = self._facts(amount, self._said(told), account)
        return Labelled(line, kind, debts[0].customer_id, frozenset(debt.invoice_id for debt in debts))

    def _take(self, count: int) -> list[Debt]:
        """Invoices of one customer that no other line pays."""
        while True:
            key = self.draw.choice(list(self.left))
            if len(self.left[key]) >= count:
                taken = self.draw.sample(self.left[key], count)
                self.left[key] = [debt for debt in self.left[key] if debt not in taken]
                if not self.left[key]:
                    del self.left[key]
                return taken

    def _facts(self, amount: Decimal, text: str, account: str = "") -> LineFacts:
        return LineFacts(self._id(), TODAY, amount, text, payer_account=account)

    def _number(self, number: str) -> str:
        figures = int(number[-5:])
        return self.draw.choice((
            number, number.replace("-", ""), number.replace("-", " "), f"INV {figures}", f"INV/26/{figures:05}",
            f"INV2026{number[-5:].replace('0', 'O')}", f"inv-2026-{figures}", f"Invoice no {figures}",
        ))  # fmt: skip

    def _written(self, name: str) -> str:
        form, *words = name.split()
        chance = self.draw.random()
        if chance < 0.25:
            words = [*words, form]
        elif chance < 0.5:
            words = [form, *words]
        if self.draw.random() < 0.2:
            place = max(range(len(words)), key=lambda at: len(words[at]))
            words[place] = self._mistyped(words[place])
        return " ".join(words)

    def _mistyped(self, word: str) -> str:
        at = self.draw.randrange(1, len(word) - 1)
        return self.draw.choice((word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:],
                                 word[:at] + word[at + 1] + word[at] + word[at + 2 :]))  # fmt: skip

    def _said(self, told: str) -> str:
        told = told if len(told) <= 35 or self.draw.random() < 0.5 else told[:35]
        return f"{self.draw.choice(_PREFIXES)}{told}".upper() if self.draw.random() < 0.8 else told

    def _person(self) -> str:
        first = self.draw.choice(("Yohanes", "Maria", "Dewi", "Rudi", "Agus"))
        return f"{first} {self.draw.choice(('Simbolon', 'Tarigan', 'Wenda'))}"

    def _odd_amount(self) -> Decimal:
        return Decimal(self.draw.randrange(100_000, 30_000_000))


def counted(drawn: Drawn, found: Mapping[UUID, Match]) -> Counter[str]:
    """How many lines were matched right, wrong, or left open, in all and by kind.

    *Right*: the first proposal names exactly the invoices, or the account; a stranger's line has none. *Wrong*: what is
    certain, and so could be booked by itself, is not so. *Misled*: the first of what is only suggested is not so.
    """
    sums: Counter[str] = Counter()
    for one in drawn.lines:
        match = found[one.line.id]
        first = match.proposals[0] if match.outcome != "none" else None
        if one.customer_id is None and not one.role:
            right = first is None
        elif first is None:
            right = False
        else:
            invoices = frozenset(key for key, _amount in first.shares)
            right = first.role == one.role and invoices == one.invoices and first.customer_id == one.customer_id
        certain = match.outcome == "certain"
        verdict = "right" if right else "wrong" if certain else "misled" if first else "open"
        sums.update((verdict, f"{one.kind}:{verdict}", "certain" if certain else "asked"))
    return sums
