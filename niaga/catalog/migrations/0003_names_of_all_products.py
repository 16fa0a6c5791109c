import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_initial"),
        ("organization", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                models.F("company"),
                django.db.models.functions.comparison.Collate(django.db.models.functions.text.Lower("name"), "C"),
                name="product_by_name_archived_too",
            ),
        ),
    ]
