from django.db import migrations, models

# One pass over the allocations; a table without rows costs nothing.
FILL = """
UPDATE invoicing_invoicebalance b SET date = i.date, first_on = least(i.date, a.first), last_on = greatest(i.date, a.last)
  FROM invoicing_invoice i
  LEFT JOIN (
    SELECT owner, min(date) AS first, max(date) AS last FROM (
      SELECT invoice_id AS owner, date FROM invoicing_allocation
       UNION ALL
      SELECT source_id, date FROM invoicing_allocation WHERE source_kind = 'credit_note'
    ) x GROUP BY owner
  ) a ON a.owner = i.id
 WHERE i.id = b.invoice_id
"""
DAYS = {
    "date": "Of the document.",
    "first_on": "Its own, or the day of an allocation that was dated back before it.",
    "last_on": "Its own, or the latest day of an allocation.",
}


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0021_early_discounts"),
    ]

    operations = [
        *(migrations.AddField("invoicebalance", name, models.DateField(null=True)) for name in DAYS),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        *(
            migrations.AlterField("invoicebalance", name, models.DateField(help_text=text))
            for name, text in DAYS.items()
        ),
        migrations.AddIndex(
            model_name="invoicebalance",
            index=models.Index(
                condition=models.Q(("allocated__gte", models.F("total"))),
                fields=["company_id", "last_on", "first_on"],
                name="balance_settled",
            ),
        ),
    ]
