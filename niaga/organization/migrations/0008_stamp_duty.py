from django.db import migrations

import niaga.core.fields

# Companies that are there get what new ones start with (niaga/organization/rules/stamp_duty.py).
BY_LAW = """
UPDATE organization_fiscalsetting f SET stamp_duty = 10000, stamp_duty_above = 5000000
  FROM organization_company c WHERE c.id = f.company_id AND c.country = 'ID' AND c.currency = 'IDR'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0007_rights_on_loyalty"),
    ]

    operations = [
        migrations.AddField(
            model_name="fiscalsetting",
            name="stamp_duty",
            field=niaga.core.fields.AmountField(
                db_default=0,
                decimal_places=4,
                default=0,
                help_text="Bea meterai on a document that states money received. 0: there is none.",
                max_digits=19,
            ),
        ),
        migrations.AddField(
            model_name="fiscalsetting",
            name="stamp_duty_above",
            field=niaga.core.fields.AmountField(
                db_default=0,
                decimal_places=4,
                default=0,
                help_text="Due when more than this is stated, in the company's own currency.",
                max_digits=19,
            ),
        ),
        migrations.RunSQL(BY_LAW, migrations.RunSQL.noop),
    ]
