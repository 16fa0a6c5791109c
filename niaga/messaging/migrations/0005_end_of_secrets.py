from django.db import migrations, models

_BACKFILL = """
UPDATE messaging_whatsappmessage SET secret_until = created_at + interval '7 days'
 WHERE secret AND secret_until IS NULL
"""


class Migration(migrations.Migration):
    """Until when a message's link works. Of those that are there it is not known: no link works above seven days."""

    dependencies = [("messaging", "0004_secret_whatsapp")]

    operations = [
        migrations.AddField(
            model_name="whatsappmessage",
            name="secret_until",
            field=models.DateTimeField(help_text="Later its link is neither kept nor sent.", null=True),
        ),
        migrations.RunSQL(_BACKFILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="whatsappmessage",
            index=models.Index(condition=~models.Q(sealed=""), fields=["secret_until"], name="whatsapp_sealed"),
        ),
    ]
