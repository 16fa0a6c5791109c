"""The living style page `/ui/` (only with DEBUG): every component, for the eye, for screenshots and for axe."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from niaga.core import clock
from niaga.ui import formatting
from niaga.ui.charts import Chart, Series
from niaga.ui.documents import Action, Axis, Consequence, File, TimelineEntry, Total
from niaga.ui.forms import AmountField, DayField, NumberField
from niaga.ui.order_grid import GridAnswer, GridStep, GridTotal, OrderGrid, line_of, preview_answer, read_preview
from niaga.ui.registry import ChainLink, ChainStage, PanelFact

NOBODY = UUID(int=0)


class SampleForm(forms.Form):
    name = forms.CharField(label="Nama", help_text="Seperti tertulis di NPWP")
    limit = AmountField(label="Batas kredit", required=False)
    weight = NumberField(label="Berat", initial=Decimal("12.5"))
    since = DayField(label="Sejak", required=False)
    group = forms.ChoiceField(label="Kelompok", choices=[("g", "Grosir Jatim"), ("e", "Eceran")])
    note = forms.CharField(label="Catatan", widget=forms.Textarea, required=False)
    active = forms.BooleanField(
        label="Aktif", required=False, help_text="Yang tidak aktif tidak muncul dalam pencarian"
    )


def style(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    sales = [Decimal(n) * 1_000_000 for n in (31, 38, 35, 42, 40, 22, 17, 41, 45, 40, 48, 46, 25, 20, 47, 51, 44, 54)]
    form = SampleForm({"name": "", "weight": "dua", "group": "g"})
    form.is_valid()
    context = {
        "title": "Style",
        "tones": ["good", "warn", "bad", "calm", "accent", "faint"],
        "sent": ("Terkirim", "calm", "send"),
        "form": form,
        "clean": SampleForm(auto_id="clean_%s"),
        "money": Decimal("1284550000"),
        "now": now,
        "chart": Chart(
            label="Penjualan per hari, November",
            axis="Hari",
            categories=[f"{n} Nov" for n in range(1, len(sales) + 1)],
            series=[
                Series("Penjualan", sales),
                Series("Tahun lalu", [v * Decimal("0.85") for v in sales], dashed=True),
            ],
            write=lambda value: formatting.money(value, "IDR"),
            write_short=lambda value: formatting.money_short(value, "IDR"),
        ).spec(),
        "bars": Chart(
            label="Penjualan per cabang",
            axis="Cabang",
            categories=["Surabaya", "Malang", "Kediri"],
            series=[Series("Grosir", [120, 80, 40], kind="bar"), Series("Eceran", [40, 50, 20], kind="bar")],
            write=lambda value: formatting.number(value),
            write_short=lambda value: formatting.number(value),
            stacked=True,
        ).spec(),
        "timeline": [
            TimelineEntry(
                at=now - timedelta(minutes=10),
                strong="Dibuka pelanggan",
                text=", ketiga kali",
                place="Surabaya",
                fresh=True,
            ),
            TimelineEntry(at=now - timedelta(days=1), text="Versi 2 dikirim lewat surel", by="Maya"),
            TimelineEntry(at=now - timedelta(days=4), text="Diskon 5 % disetujui", by="Dewi", quote="volume kuartal"),
        ],
        "stages": [
            ChainStage("quotation", "Penawaran", [ChainLink("quotation", NOBODY, "SQ-1", "#")]),
            ChainStage("order", "Pesanan", [], current=True),
            ChainStage(
                "delivery", "Pengiriman", [ChainLink("delivery", NOBODY, f"DO-{n}", "#", n < 2) for n in (1, 2)]
            ),
            ChainStage("invoice", "Faktur"),
        ],
        "axes": [
            Axis("Status", "Terkirim, versi 2", "calm", "send"),
            Axis("Berlaku sampai", "27 Nov 2026"),
            Axis("Stok", "Semua tersedia", "good", "check"),
        ],
        "facts": [
            PanelFact("Pembelian 12 bulan", "Rp 512.400.000"),
            PanelFact("Lewat jatuh tempo", "Rp 4.000.000", "#", "bad"),
        ],
        "totals": [
            Total("Subtotal", "38.961.900"),
            Total("PPN 12 %", "4.285.809"),
            Total("Total", "Rp 43.268.629", sum=True),
        ],
        "files": [
            File("surat-pesanan.pdf", "#", "120 KB"),
            File("foto-toko.jpg", "#", "1,2 MB", "image", remove_url="#"),
        ],
        "actions": [
            Action("PDF", "#", "file-text", method="get"),
            Action("Kirim", "#", "send"),
            Action(
                "Terbitkan faktur",
                "#",
                "check",
                kind="go",
                confirm=Consequence(
                    "Terbitkan INV-2026-1021?",
                    "Faktur yang terbit tidak dapat diubah lagi, hanya dikoreksi dengan nota kredit.",
                ),
            ),
            Action(
                "Batalkan",
                "#batal",
                "ban",
                kind="bad",
                confirm=Consequence("Batalkan pesanan?", "Stok dilepas.", reason="Alasan", danger=True),
            ),
        ],
        "grid": OrderGrid(
            products="/ui/products",
            preview="/ui/preview",
            lines=[
                line_of(key="1", sku="KOP-0112", name="Kopi robusta sangrai 1 kg", unit="kg", quantity=Decimal(120)),
                line_of(key="2", kind="section", text="Bahan pokok"),
                line_of(
                    key="3",
                    sku="GUL-0040",
                    name="Gula pasir 50 kg",
                    unit="sak",
                    units=["sak", "kg"],
                    quantity=Decimal(18),
                    price=Decimal(740000),
                ),
            ],
        ),
    }
    return render(request, "ui/style.html", context)


def preview(request: HttpRequest) -> HttpResponse:
    """A stand-in for a pricing endpoint, so that the grid of the style page lives."""
    lines, _fields = read_preview(request)
    price = Decimal(92_000)
    answers = {
        line.key: GridAnswer(
            price=price,
            subtotal=(line.price or price) * (line.quantity or 0),
            available=Decimal(342),
            why=[GridStep("Harga dasar Rp 98.000"), GridStep("Promo Oktober 3 %", struck=True, note="berakhir 31 Okt")],
        )
        for line in lines
        if line.kind == "item"
    }
    total = sum((answer.subtotal or Decimal(0) for answer in answers.values()), Decimal(0))
    return preview_answer(
        lines=answers, totals=[GridTotal("Total", formatting.money(total, "IDR"), sum=True)], currency="IDR"
    )
