from django.db import migrations


class Migration(migrations.Migration):
    """The day that was asked for stands on the order or quotation itself."""

    dependencies = [("portal", "0002_order_again")]

    operations = [migrations.RemoveField(model_name="portalorder", name="wanted_on")]
