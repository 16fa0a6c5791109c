import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_names_of_all_products"),
        ("organization", "0001_initial"),
        ("parties", "0002_fewer_indexes"),
        ("sales", "0004_what_is_in_a_line"),
        ("stock", "0003_bundles_by_parts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="quotation",
            name="channel",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="organization.channel"
            ),
        ),
        migrations.AlterField(
            model_name="quotation",
            name="company",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="organization.company"
            ),
        ),
        migrations.AlterField(
            model_name="quotation",
            name="customer",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="parties.customer"),
        ),
        migrations.AlterField(
            model_name="quotation",
            name="payment_term",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="parties.paymentterm"
            ),
        ),
        migrations.AlterField(
            model_name="quotationline",
            name="tax_category",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="catalog.taxcategory"
            ),
        ),
        migrations.AlterField(
            model_name="quotationline",
            name="unit",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="catalog.unit"
            ),
        ),
        migrations.AlterField(
            model_name="quotationversion",
            name="quotation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="sales.quotation",
            ),
        ),
        migrations.AlterField(
            model_name="salesorder",
            name="channel",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="organization.channel"
            ),
        ),
        migrations.AlterField(
            model_name="salesorder",
            name="company",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="organization.company"
            ),
        ),
        migrations.AlterField(
            model_name="salesorder",
            name="customer",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="parties.customer"),
        ),
        migrations.AlterField(
            model_name="salesorder",
            name="payment_term",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="parties.paymentterm"
            ),
        ),
        migrations.AlterField(
            model_name="salesorder",
            name="warehouse",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="stock.warehouse"),
        ),
        migrations.AlterField(
            model_name="salesorderline",
            name="product",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="catalog.product"
            ),
        ),
        migrations.AlterField(
            model_name="salesorderline",
            name="tax_category",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="catalog.taxcategory"
            ),
        ),
        migrations.AlterField(
            model_name="salesorderline",
            name="unit",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="catalog.unit"
            ),
        ),
        # A line is changed when it is shipped and billed: with room on its page its indexes stay as they are.
        migrations.RunSQL(
            "ALTER TABLE sales_salesorderline SET (fillfactor = 60)",
            "ALTER TABLE sales_salesorderline RESET (fillfactor)",
        ),
    ]
