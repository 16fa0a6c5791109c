"""Payment gateways by their code. Another one is a folder of the same shape, and a line here."""

from collections.abc import Mapping

from niaga.payments.rules.gateways import midtrans, sandbox, xendit
from niaga.payments.rules.gateways.shape import Gateway

GATEWAYS: Mapping[str, Gateway] = {one.code: one for one in (midtrans.GATEWAY, xendit.GATEWAY, sandbox.GATEWAY)}
