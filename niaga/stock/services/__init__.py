from niaga.stock.services.create_warehouse import create_warehouse
from niaga.stock.services.receive_goods import ReceiptItem, receive_goods

__all__ = ["ReceiptItem", "create_warehouse", "receive_goods"]
