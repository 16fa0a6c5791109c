from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """A person may sign in with a number that WhatsApp reaches, and be sent their link there."""

    dependencies = [("portal", "0003_requested_day_is_the_documents")]

    operations = [
        migrations.RemoveConstraint(model_name="portalperson", name="one_portal_person"),
        migrations.AlterField(
            model_name="portalperson",
            name="email",
            field=models.EmailField(default="", help_text="In small letters; or empty.", max_length=254),
        ),
        migrations.AddField(
            model_name="portalperson",
            name="phone",
            field=models.CharField(db_default="", default="", help_text="E.164; or empty.", max_length=20),
        ),
        migrations.AddConstraint(
            model_name="portalperson",
            constraint=models.UniqueConstraint(fields=["email"], name="one_portal_person", condition=~Q(email="")),
        ),
        migrations.AddConstraint(
            model_name="portalperson",
            constraint=models.UniqueConstraint(fields=["phone"], name="one_portal_phone", condition=~Q(phone="")),
        ),
        migrations.AddConstraint(
            model_name="portalperson",
            constraint=models.CheckConstraint(
                condition=Q(email="") & ~Q(phone="") | Q(phone="") & ~Q(email=""), name="portal_person_one_address"
            ),
        ),
        migrations.RemoveIndex(model_name="portalknock", name="portal_knock_email"),
        migrations.RenameField(model_name="portalknock", old_name="email", new_name="asked"),
        migrations.AlterField(
            model_name="portalknock",
            name="asked",
            field=models.CharField(
                help_text="The mail address in small letters, or the number in E.164.", max_length=254
            ),
        ),
        migrations.AddIndex(
            model_name="portalknock", index=models.Index(fields=["asked", "at"], name="portal_knock_email")
        ),
        migrations.AddField(
            model_name="portalticket",
            name="whatsapp_id",
            field=models.UUIDField(help_text="The message that bears it; else a mail does.", null=True),
        ),
        migrations.AddField(
            model_name="portalsettings",
            name="whatsapp_template",
            field=models.CharField(
                blank=True, db_default="", default="",
                help_text="Bears the links; empty: no WhatsApp.", max_length=120,
            ),
        ),
    ]  # fmt: skip
