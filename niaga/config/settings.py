"""Minimal settings to walk on."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(os.environ.get("NIAGA_DATA", BASE_DIR / "var")).resolve()
SECRET_KEY = "not yet"
DEBUG = False
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "id"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.postgres",
    "pgtrigger",
    "niaga.core",
    "niaga.organization",
    "niaga.messaging",
    "niaga.documents",
    "niaga.parties",
    "niaga.catalog",
    "niaga.ledger",
    "niaga.pricing",
    "niaga.stock",
    "niaga.invoicing",
    "niaga.payments",
    "niaga.sales",
    "niaga.imports",
    "niaga.analytics",
]
AUTH_USER_MODEL = "organization.User"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("PGDATABASE", "niaga"),
        "USER": os.environ.get("PGUSER", "postgres"),
        "HOST": os.environ.get("PGHOST", str(DATA_DIR / "postgres")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 5},
    }
}
