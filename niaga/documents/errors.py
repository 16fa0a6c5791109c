"""What documents refuse, and why."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid, NotFound, Refusal
from niaga.documents.rules.read_design import DesignFault


class FileTooLarge(Invalid):
    """More bytes or pixels than allowed."""

    code = "file_too_large"
    text = _("This file is larger than 25 MB. Nothing was saved.")


class EmptyFile(Invalid):
    code = "empty_file"
    text = _("This file is empty. Nothing was saved.")


class NotAnImage(Invalid):
    code = "not_an_image"
    text = _("This is not a picture that can be read (JPEG, PNG, WebP or GIF). Nothing was saved.")


class TooManyFiles(Invalid):
    code = "too_many_files"
    text = _("There are too many files here already. Remove some first.")


class FileLost(Refusal):
    """The row is there, the bytes are not: the data folder was not restored with the database."""

    status = 409
    code = "file_lost"
    text = _("The file itself is missing from the data folder. Restore it from the backup.")


class LinkNotFound(NotFound):
    """No such link, or one that was taken back. Both look the same from outside."""

    code = "link_not_found"
    text = _("This link does not exist or is no longer valid. Please ask the sender for a new one.")


class LinkExpired(Refusal):
    """The link was right and its time is over."""

    status = 410
    code = "link_expired"
    text = _("This link has expired. Please ask the sender for a new one.")


class NoStampDuty(Refusal):
    code = "no_stamp_duty"
    text = _("This document bears no stamp duty.")


class StampTaken(Refusal):
    """An e-meterai is for one document."""

    code = "stamp_taken"
    text = _("This e-meterai is on another document already.")


class InvalidDesign(Invalid):
    """A design that cannot be; `lines` names every field in error."""

    code = "invalid_design"
    text = _("Something in this design cannot be. Nothing was saved.")

    @classmethod
    def of(cls, faults: Sequence[DesignFault]) -> InvalidDesign:
        lines = [{"line": one.field, "code": one.code, "message": str(FAULTS[one.code]) % one.facts} for one in faults]
        return cls(lines[0]["message"], field=lines[0]["line"], lines=lines)


class NothingToPublish(Refusal):
    code = "nothing_to_publish"
    text = _("This is what is published already. Change something first.")


class NotPublished(Invalid):
    code = "not_published"
    text = _("This template has no published version yet. Publish it first.")


FAULTS = {
    "unknown_setting": _("There is no setting “%(name)s”."),
    "not_for_this_kind": _("This document is not printed on this paper."),
    "not_a_choice": _("Choose one of the list."),
    "out_of_bounds": _("From %(least)d to %(most)d."),
    "not_a_colour": _("Write a colour as # and six figures or letters, such as #0b6b66."),
    "too_pale": _("This colour is too pale to be read on white paper. Take a darker one."),
    "not_a_text": _("Write a text."),
    "too_long": _("At most %(most)d characters."),
    "control_characters": _("There are characters in it that cannot be printed."),
    "not_a_list": _("Give a list."),
    "unknown_column": _("There is no column “%(name)s” here."),
    "unknown_block": _("There is no block “%(name)s” here."),
    "twice": _("Something is there twice."),
    "main_column_missing": _("The column that names what a line is about must stay."),
    "too_wide": _("The columns take more than %(most)d percent together. Make some narrower."),
    "too_many": _("At most %(most)d."),
    "unknown_placeholder": _("%(name)s is no placeholder of this document. Take one from the list."),
}
