"""Which of several default templates holds for a paper."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

Template = TypeVar("Template")


class Scope(StrEnum):
    """What a default is for, from the most particular to the widest."""

    CUSTOMER = "customer"
    CHANNEL = "channel"
    BRANCH = "branch"
    COMPANY = "company"


def choose_template(defaults: Mapping[Scope, Template]) -> Template | None:
    """The most particular one; without any the paper looks as it does without a template."""
    return next((defaults[scope] for scope in Scope if scope in defaults), None)
