"""What documents refuse, and why."""

from django.utils.translation import gettext_lazy as _

from niaga.core.errors import Invalid, NotFound, Refusal


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
