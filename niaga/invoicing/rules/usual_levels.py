"""The levels that a company can start from: friendly before the day, firm long after it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LevelInput:
    """A level as it is wanted; `id` names one that is there already. `words`: language -> subject and text."""

    days: int
    by_email: bool = True
    by_whatsapp: bool = False
    by_call: bool = False
    whatsapp_template: str = ""
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    id: UUID | None = None


def _words(subject_id: str, text_id: str, subject_en: str, text_en: str) -> dict[str, dict[str, str]]:
    return {
        "id": {"subject": subject_id, "text": f"Yth. {{{{customer.name}}}},\n\n{text_id}\n\n{_PAY_ID}"},
        "en": {"subject": subject_en, "text": f"Dear {{{{customer.name}}}},\n\n{text_en}\n\n{_PAY_EN}"},
    }


_PAY_ID = "Pembayaran dapat ditransfer ke {{bank.account}}.\n\nTerima kasih,\n{{company.name}}"
_PAY_EN = "Please transfer to {{bank.account}}.\n\nThank you,\n{{company.name}}"

USUAL_LEVELS = (
    LevelInput(
        days=-3,
        words=_words(
            "Pengingat: tagihan {{company.name}} segera jatuh tempo",
            "Sekadar mengingatkan, tagihan berikut akan jatuh tempo:\n\n{{invoices}}\n\nJumlahnya {{total}}. "
            "Bila sudah dibayar, mohon abaikan pesan ini.",
            "A reminder: invoices from {{company.name}} fall due soon",
            "Just a reminder that these invoices fall due soon:\n\n{{invoices}}\n\nTogether {{total}}. "
            "If you have paid already, please ignore this message.",
        ),
    ),
    LevelInput(
        days=1,
        words=_words(
            "Tagihan {{company.name}} telah jatuh tempo",
            "Tagihan berikut telah jatuh tempo:\n\n{{invoices}}\n\nMohon dibantu pembayarannya sebesar {{total}}. "
            "Bila ada kendala, balas saja pesan ini.",
            "Invoices from {{company.name}} are due",
            "These invoices are due:\n\n{{invoices}}\n\nWe kindly ask for your payment of {{total}}. "
            "If there is a problem, simply answer this message.",
        ),
    ),
    LevelInput(
        days=7,
        by_call=True,
        words=_words(
            "Pengingat kedua: {{total}} belum kami terima",
            "Kami belum menerima pembayaran tagihan berikut:\n\n{{invoices}}\n\nMohon segera dibayar, atau kabari kami "
            "tanggal pembayarannya.",
            "Second reminder: {{total}} is still open",
            "We have not received payment of these invoices yet:\n\n{{invoices}}\n\nPlease pay them now, or tell us "
            "the day on which you will.",
        ),
    ),
    LevelInput(
        days=21,
        by_call=True,
        words=_words(
            "Pengingat ketiga: {{oldest.number}} lewat jatuh tempo {{oldest.days}} hari",
            "Walau sudah kami ingatkan, tagihan berikut belum dibayar:\n\n{{invoices}}\n\nJumlahnya {{total}}. "
            "Selama belum dibayar, pesanan berikutnya mungkin harus kami tahan.",
            "Third reminder: {{oldest.number}} is {{oldest.days}} days overdue",
            "Although we reminded you, these invoices are not paid:\n\n{{invoices}}\n\nTogether {{total}}. "
            "Until they are paid we may have to hold further orders.",
        ),
    ),
    LevelInput(
        days=45,
        by_call=True,
        words=_words(
            "Peringatan terakhir: {{total}}",
            "Ini peringatan terakhir kami atas tagihan berikut:\n\n{{invoices}}\n\nMohon dibayar dalam tujuh hari "
            "sejak surat ini agar tidak perlu kami teruskan ke penagihan.",
            "Final reminder: {{total}}",
            "This is our final reminder of these invoices:\n\n{{invoices}}\n\nPlease pay within seven days of this "
            "letter, so that we need not hand them over for collection.",
        ),
    ),
)
