"""Tokens of links and devices: 192 random bits, of which only the hash is kept."""

import hashlib
import secrets


def new_token() -> str:
    return secrets.token_urlsafe(24)


def hash_of(token: str) -> bytes:
    """A fast hash is enough for what nobody can guess."""
    return hashlib.sha256(token.encode()).digest()
