"""Addresses of the mailbox, the mail settings and the bell, mounted at the root."""

from django.urls import path
from django.views.generic import RedirectView

from niaga.messaging.web import bell, mail_settings, mailbox, whatsapp

app_name = "messaging"
urlpatterns = [
    path("mailbox", mailbox.Mailbox.as_view(), name="mailbox"),
    path("mailbox/", RedirectView.as_view(pattern_name="messaging:mailbox")),
    path("mailbox/<uuid:email_id>", mailbox.email, name="email"),
    path("mailbox/<uuid:email_id>/html", mailbox.email_html, name="email_html"),
    path("mailbox/<uuid:email_id>/files/<uuid:file_id>", mailbox.email_file, name="email_file"),
    path("mailbox/<uuid:email_id>/retry", mailbox.email_retry, name="email_retry"),
    path("mailbox/<uuid:email_id>/settlement", mailbox.email_settle, name="email_settle"),
    path("settings/mail", mail_settings.mail, name="mail_settings"),
    path("settings/mail/test", mail_settings.test_mail, name="test_mail"),
    path("settings/whatsapp", whatsapp.whatsapp, name="whatsapp_settings"),
    path("settings/whatsapp/test", whatsapp.test_whatsapp, name="test_whatsapp"),
    path("messages/whatsapp/<uuid:message_id>", whatsapp.message, name="whatsapp"),
    path("messages/whatsapp/<uuid:message_id>/retry", whatsapp.retry, name="whatsapp_retry"),
    path("messages/whatsapp/<uuid:message_id>/settlement", whatsapp.settle, name="whatsapp_settle"),
    path("hooks/whatsapp/<uuid:company_id>", whatsapp.hook, name="whatsapp_hook"),
    path("notices", bell.bell, name="notices"),
    path("notices/newest", bell.newest, name="newest_notices"),
    path("notices/reading", bell.reading, name="read_notices"),
    path("notices/<uuid:notice_id>", bell.follow, name="notice"),
]
