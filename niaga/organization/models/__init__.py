from niaga.organization.models.access import ApiToken, Grant, Membership, Role
from niaga.organization.models.channel import Channel
from niaga.organization.models.company import BankAccount, Company, FiscalSetting
from niaga.organization.models.exchange_rate import ExchangeRate
from niaga.organization.models.structure import Branch, Team, Territory
from niaga.organization.models.user import User

__all__ = [
    "ApiToken", "BankAccount", "Branch", "Channel", "Company", "ExchangeRate", "FiscalSetting",
    "Grant", "Membership", "Role", "Team", "Territory", "User",
]  # fmt: skip
