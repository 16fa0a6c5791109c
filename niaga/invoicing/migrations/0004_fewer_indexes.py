import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_names_of_all_products"),
        ("invoicing", "0003_what_is_in_a_line"),
        ("organization", "0001_initial"),
        ("parties", "0002_fewer_indexes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="invoice",
            name="company",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="organization.company"
            ),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="customer",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="parties.customer"),
        ),
        migrations.AlterField(
            model_name="invoiceline",
            name="credits_line",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credit_lines",
                to="invoicing.invoiceline",
            ),
        ),
        migrations.AlterField(
            model_name="invoiceline",
            name="tax_category",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="catalog.taxcategory"
            ),
        ),
        migrations.AlterField(
            model_name="invoiceline",
            name="unit",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="catalog.unit"
            ),
        ),
        migrations.AddIndex(
            model_name="invoiceline",
            index=models.Index(
                condition=models.Q(("credits_line__isnull", False)),
                fields=["credits_line"],
                name="invoice_line_credits",
            ),
        ),
    ]
