import logging


class WithoutNoise(logging.Filter):
    """Drops what strangers can provoke at will: requests for foreign host names."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.name != "django.security.DisallowedHost"
