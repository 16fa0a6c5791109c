"""Django's settings. What a company may choose comes from the environment (docs/operations.md); the rest is here."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from niaga.config.database import configuration
from niaga.config.environment import LIMITS, ROOT, data_folder, port, switched_on, takes_test_gateways

BASE_DIR = ROOT
DATA_DIR = data_folder()


def _kept_secret(path: Path) -> str:
    """The key that signs sessions and links: made on the first start, kept in the data folder, readable by us alone."""
    if given := os.environ.get("NIAGA_SECRET_KEY"):
        return given
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}")
        part.touch(mode=0o600)
        part.write_text(secrets.token_urlsafe(64))
        try:
            os.link(part, path)  # of two first starts at once, one wins
        except FileExistsError:
            pass
        part.unlink()
        return path.read_text().strip()


SECRET_KEY = _kept_secret(DATA_DIR / "secret_key")
DEBUG = switched_on("NIAGA_DEBUG", False)

# --- where it answers ------------------------------------------------------------------------------------------------
BASE_URL = os.environ.get("NIAGA_URL", f"http://127.0.0.1:{port()}").rstrip("/")
HTTPS = BASE_URL.startswith("https://")
_hosts = [part.strip() for part in os.environ.get("NIAGA_HOSTS", "").split(",") if part.strip()]
ALLOWED_HOSTS = [
    BASE_URL.split("://", 1)[1].split("/")[0].rsplit(":", 1)[0],
    "127.0.0.1",
    "localhost",
    "[::1]",
    *_hosts,
]
CSRF_TRUSTED_ORIGINS = [BASE_URL, *(f"https://{host}" for host in _hosts)]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "niaga_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "niaga_csrf"
CSRF_FAILURE_VIEW = "niaga.config.errors.csrf_failure"
APPEND_SLASH = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- what a request may carry ----------------------------------------------------------------------------------------
MAX_BODY_BYTES = int(os.environ.get("NIAGA_MAX_BODY_MB", LIMITS.body // 2**20)) * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = LIMITS.form
DATA_UPLOAD_MAX_NUMBER_FIELDS = 60_000
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- the apps, low to high -------------------------------------------------------------------------------------------
_PACKAGE = Path(__file__).resolve().parents[1]
_ROOMS = [
    "core",
    "ui",
    "organization",
    "messaging",
    "documents",
    "approvals",
    "parties",
    "catalog",
    "ledger",
    "pricing",
    "stock",
    "invoicing",
    "payments",
    "sales",
    "returns",
    "shipping",
    "portal",
    "analytics",
    "imports",
]
NIAGA_APPS = [f"niaga.{room}" for room in _ROOMS if (_PACKAGE / room / "apps.py").exists()]

INSTALLED_APPS = [
    "niaga.ui",  # first, so that its templates for accounts win over those of allauth
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "procrastinate.contrib.django",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "ninja",
    *[app for app in NIAGA_APPS if app != "niaga.ui"],
    "niaga.config",
]

MIDDLEWARE = [
    "niaga.config.middleware.WithoutNul",
    "niaga.config.middleware.Refusals",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "niaga.organization.web.current_company.CurrentCompany",
    "niaga.config.middleware.LanguageAndZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "niaga.ui.middleware.PageAnswers",
    "niaga.config.middleware.BodyTooLarge",
    "niaga.config.idempotency.IdempotentPosts",
]

ROOT_URLCONF = "niaga.config.urls"
WSGI_APPLICATION = "niaga.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": configuration()}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "niaga.ui.context.frame",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "django.templatetags.i18n"],
        },
    }
]
COTTON_DIR = "cotton"

# --- static files: hashed names from the build, served from where they lie -------------------------------------------
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/.+[-.][A-Za-z0-9_-]{8,}\.\w+$"

# --- language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
# Our own words go before those of the libraries.
LOCALE_PATHS = [BASE_DIR / app.replace(".", "/") / "locale" for app in NIAGA_APPS]
LANGUAGE_COOKIE_NAME = "niaga_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
USE_THOUSAND_SEPARATOR = False

# --- who may come in -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organization.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("NIAGA_PROXIES", "0"))
ACCOUNT_ADAPTER = "niaga.config.accounts.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Niaga: "
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
# Axes counts failed log-ins, in the database: the one count that holds across processes.
ACCOUNT_RATE_LIMITS = {"login_failed": False}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Niaga"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "niaga.config.accounts.login_name"
AXES_CLIENT_IP_CALLABLE = "niaga.config.accounts.client_address"
AXES_LOCKOUT_CALLABLE = "niaga.config.accounts.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- jobs ------------------------------------------------------------------------------------------------------------
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = [
    f"{app}.subscribers"
    for app in NIAGA_APPS
    if any(
        (_PACKAGE / app.removeprefix("niaga.") / name).exists()
        for name in ("subscribers.py", "subscribers/__init__.py")
    )
]

# --- mail: the company's SMTP settings, else this server, else kept for the mailbox page ------------------------------
EMAIL_HOST = os.environ.get("NIAGA_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("NIAGA_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("NIAGA_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("NIAGA_SMTP_PASSWORD", "")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = not EMAIL_USE_SSL and switched_on("NIAGA_SMTP_TLS", True)
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = "niaga.messaging.services.queue_django_mail.QueuedMail"
DEFAULT_FROM_EMAIL = os.environ.get("NIAGA_MAIL_FROM", "Niaga <niaga@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- WhatsApp: the company's own number at Meta's Cloud API -----------------------------------------------------------
WHATSAPP_URL = os.environ.get("NIAGA_WHATSAPP_URL", "https://graph.facebook.com/v23.0").rstrip("/")
"""Of the installation, never typed on a page: nobody can point the server at an address of the house."""

# --- payment gateways ------------------------------------------------------------------------------------------------
TEST_GATEWAYS = takes_test_gateways()
"""Whether accounts that move no money may settle invoices: to try things out, never beside real business."""
INNER_ADDRESSES = switched_on("NIAGA_INNER_ADDRESSES", False)
"""Whether an address that somebody types (a carrier's) may be without TLS and lead into the network of this server: for
tests against a server of one's own, never where others type addresses."""
GATEWAY_URLS = {"sandbox": f"http://127.0.0.1:{port()}/sandbox"}
"""Where a gateway is that is not at its own address; the sandbox is this installation itself."""

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- one plain line per thing worth reading --------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"no_bad_hosts": {"()": "niaga.config.logs.WithoutNoise"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_bad_hosts"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "niaga": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "axes": {"level": "ERROR"},
    },
}
TEST_RUNNER = "django.test.runner.DiscoverRunner"
SILENCED_SYSTEM_CHECKS = ["axes.W003", "models.W036"]

# --- the demo company ------------------------------------------------------------------------------------------------
NIAGA_DEMO_LOADER = "niaga.imports.services.load_demo.load_demo"
NIAGA_DEMO_LOG_INS = "niaga.imports.queries.demo_log_ins.demo_log_ins"
