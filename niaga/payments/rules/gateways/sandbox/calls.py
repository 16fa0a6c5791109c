"""What the sandbox is asked with. Its addresses are this installation's own."""

from niaga.core.rules.call import Call
from niaga.payments.rules.gateways.shape import Bill, Keys, RefundAsked, whole


def _headers(keys: Keys) -> dict[str, str]:
    return {"Authorization": f"Bearer {keys.secret}", "Accept": "application/json"}


def make(keys: Keys, bill: Bill) -> Call:
    body = {
        "key": bill.key, "number": bill.number, "amount": whole(bill.amount), "method": bill.method, "bank": bill.bank,
        "expires_at": bill.expires_at.isoformat(),
    }  # fmt: skip
    return Call("POST", f"{keys.base}/charges", _headers(keys), body)


def ask(keys: Keys, bill: Bill) -> Call:
    return Call("GET", f"{keys.base}/charges/{bill.key}", _headers(keys))


def refund(keys: Keys, asked: RefundAsked) -> Call:
    body = {"key": asked.key, "amount": whole(asked.amount), "reason": asked.reason}
    return Call("POST", f"{keys.base}/charges/{asked.bill.key}/refunds", _headers(keys), body)


def ask_refund(keys: Keys, asked: RefundAsked) -> Call:
    return Call("GET", f"{keys.base}/charges/{asked.bill.key}/refunds/{asked.key}", _headers(keys))


def check(keys: Keys) -> Call:
    return Call("GET", f"{keys.base}/charges", _headers(keys))
