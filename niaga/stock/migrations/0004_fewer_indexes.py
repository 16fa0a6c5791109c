import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_names_of_all_products"),
        ("organization", "0001_initial"),
        ("parties", "0002_fewer_indexes"),
        ("stock", "0003_bundles_by_parts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="company",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="organization.company"
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="customer",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="parties.customer"),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="warehouse",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="stock.warehouse"),
        ),
        migrations.AlterField(
            model_name="deliveryline",
            name="unit",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="catalog.unit"),
        ),
        migrations.AlterField(
            model_name="reservation",
            name="warehouse",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="stock.warehouse"),
        ),
        migrations.AlterField(
            model_name="stocklevel",
            name="product",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="catalog.product"),
        ),
        migrations.AlterField(
            model_name="stockmove",
            name="product",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="catalog.product"),
        ),
        migrations.AlterField(
            model_name="stockmove",
            name="warehouse",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="stock.warehouse"),
        ),
        migrations.AddIndex(
            model_name="stockmove",
            index=models.Index(fields=["company_id", "-at", "-id"], name="move_recent"),
        ),
    ]
