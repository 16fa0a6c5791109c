from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "niaga.messaging"

    def ready(self) -> None:
        from niaga.core.registry import call_handlers, state_words
        from niaga.messaging.services.settle_told_whatsapp import settle_told_whatsapp
        from niaga.messaging.web.words import STATUSES, WHATSAPP
        from niaga.ui.registry import Notices, SettingsGroup, SettingsPlace, badges, notices, settings_places

        notices.add("messaging", Notices(url_name="messaging:notices", menu_url_name="messaging:newest_notices"))
        state_words.add("email", STATUSES)
        state_words.add("whatsapp", WHATSAPP)
        call_handlers.add("whatsapp", settle_told_whatsapp)
        badges.add("messaging", _unread)
        settings_places.add(
            SettingsPlace(
                key="mail", label=_("Mail"), text=_("The mail server, a test mail"), icon="mail",
                url_name="messaging:mail_settings", group=SettingsGroup.CONNECTIONS, order=10,
                allowed=_may("setting", "manage"),
            ),
            SettingsPlace(
                key="whatsapp", label="WhatsApp", text=_("Your number at WhatsApp, a test message"),
                icon="message-circle", url_name="messaging:whatsapp_settings", group=SettingsGroup.CONNECTIONS,
                order=15, allowed=_may("setting", "manage"),
            ),
            SettingsPlace(
                key="mailbox", label=_("Mailbox"), text=_("Every message and what became of it"), icon="inbox",
                url_name="messaging:mailbox", group=SettingsGroup.CONNECTIONS, order=20, allowed=_may("email", "view"),
            ),
        )  # fmt: skip


def _unread(request: HttpRequest):  # type: ignore[no-untyped-def]
    from niaga.messaging.queries.notices import unread
    from niaga.ui.registry import BadgeCount

    return {"notices": BadgeCount(unread(by=request.user))}


def _may(kind: str, action: str):  # type: ignore[no-untyped-def]
    def allowed(request: HttpRequest) -> bool:
        from niaga.organization.access import access_of

        return access_of(request.user).allows(kind, action)

    return allowed
