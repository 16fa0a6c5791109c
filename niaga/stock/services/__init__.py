from niaga.stock.services.adjust_stock import adjust_stock
from niaga.stock.services.archive_warehouse import archive_warehouse
from niaga.stock.services.cancel_count import cancel_count
from niaga.stock.services.cancel_expected import cancel_expected
from niaga.stock.services.change_warehouse import change_warehouse
from niaga.stock.services.check_lines import StockItem
from niaga.stock.services.create_warehouse import create_warehouse
from niaga.stock.services.deliver_goods import deliver_goods
from niaga.stock.services.draft_count import draft_count
from niaga.stock.services.enter_count import enter_count
from niaga.stock.services.expect_receipt import expect_receipt
from niaga.stock.services.note_carrier import note_carrier
from niaga.stock.services.pick_delivery import pick_delivery
from niaga.stock.services.post_count import post_count
from niaga.stock.services.receive_expected import receive_expected
from niaga.stock.services.receive_goods import ReceiptItem, receive_goods
from niaga.stock.services.transfer_stock import transfer_stock

__all__ = [
    "ReceiptItem", "StockItem", "adjust_stock", "archive_warehouse", "cancel_count", "cancel_expected",
    "change_warehouse", "create_warehouse", "deliver_goods", "draft_count", "enter_count", "expect_receipt",
    "note_carrier", "pick_delivery", "post_count", "receive_expected", "receive_goods", "transfer_stock",
]  # fmt: skip
