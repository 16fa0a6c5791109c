from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from niaga.core.fields import AmountField, IdField, PercentField
from niaga.sales.models.billing import BillingCause
from niaga.sales.models.order import SalesOrder
from niaga.sales.rules.recurring import Rhythm


class RecurringUnit(models.TextChoices):
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class RecurringPlan(models.Model):
    """What a customer is billed again and again: rent, a subscription, maintenance. What is changed holds from the next
    period on; its rhythm stays once a period was made."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    branch = models.ForeignKey("organization.Branch", models.PROTECT, db_index=False)
    customer = models.ForeignKey("parties.Customer", models.PROTECT, related_name="+")
    order = models.ForeignKey(SalesOrder, models.PROTECT, null=True, related_name="+", help_text="Written from it.")
    salesperson_id = models.UUIDField(null=True)
    name = models.CharField(max_length=80)
    status = models.CharField(max_length=8, default="active", help_text="active, paused, ended")
    lines = models.JSONField(encoder=DjangoJSONEncoder)
    text = models.CharField(max_length=200, default="", blank=True, help_text="Of each line without a text of its own.")
    currency = models.CharField(max_length=3)
    total = AmountField(help_text="Of a whole period, by the prices of the day when it was saved.")
    customer_reference = models.CharField(max_length=60, default="", blank=True)
    note = models.TextField(default="", blank=True)
    start = models.DateField()
    unit = models.CharField(max_length=5, choices=RecurringUnit.choices)
    every = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField(help_text="Of the month, 31 its last; of the week from Monday, 1.")
    end = models.DateField(null=True)
    count = models.PositiveSmallIntegerField(null=True, help_text="So many periods.")
    in_arrears = models.BooleanField(default=False, help_text="Billed after its period; else on its first day.")
    pro_rata = models.BooleanField(default=True)
    shifts = models.BooleanField(default=False, help_text="Billed on the next working day.")
    raise_percent = PercentField(default=0, help_text="On typed prices with each full year.")
    prices_since = models.DateField()
    issues = models.BooleanField(default=False, help_text="Issued at once; else it is a draft.")
    mails = models.BooleanField(default=False, help_text="Mailed to the customer once it is issued.")
    next_number = models.PositiveIntegerField(default=1)
    next_date = models.DateField(null=True, help_text="When the next period is billed; none: there is no further one.")
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(every__gte=1, day__gte=1, day__lte=31), name="recurring_plan_has_a_rhythm"
            ),
            models.CheckConstraint(
                condition=models.Q(mails=False) | models.Q(issues=True), name="recurring_mail_is_of_what_is_issued"
            ),
        ]
        indexes = [
            models.Index(fields=["next_date", "id"], name="recurring_due", condition=models.Q(status="active")),
            models.Index(fields=["company", "next_date", "id"], name="recurring_by_next"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rhythm(self) -> Rhythm:
        return self.rhythm_in(self.company.country)

    def rhythm_in(self, country: str) -> Rhythm:
        """When its periods are, by the public holidays of a country."""
        return Rhythm(
            self.start, self.unit, self.every, self.day, self.end, self.count, self.in_arrears, self.pro_rata,
            self.shifts, country,
        )  # fmt: skip


class RecurringPeriod(models.Model):
    """A period of a plan, there once for its number, with the lines as they held when its day came. Without a cause it
    was left out, since the plan was paused."""

    id = IdField()
    company = models.ForeignKey("organization.Company", models.PROTECT, db_index=False)
    plan = models.ForeignKey(RecurringPlan, models.PROTECT, related_name="periods", db_index=False)
    number = models.PositiveIntegerField()
    first = models.DateField()
    last = models.DateField()
    bill_date = models.DateField()
    days = models.PositiveIntegerField(help_text="So many of `whole` are paid for.")
    whole = models.PositiveIntegerField()
    lines = models.JSONField(encoder=DjangoJSONEncoder)
    cause = models.OneToOneField(BillingCause, models.PROTECT, null=True, related_name="recurring_period")
    order = models.OneToOneField(SalesOrder, models.PROTECT, null=True, related_name="recurring_period")
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_recurring_period")]
