"""Pictures are decoded and encoded again: what comes out is a picture and nothing else, without place or camera."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from niaga.documents.errors import FileTooLarge, NotAnImage
from niaga.documents.rules.file_kinds import MOST_PIXELS

LONGEST_SIDE = 4000
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


@dataclass(frozen=True, slots=True)
class CleanImage:
    content: bytes
    media_type: str
    width: int
    height: int


def clean_image(*, content: bytes, longest_side: int = LONGEST_SIDE) -> CleanImage:
    """The first frame, upright, at most `longest_side` pixels long; PNG when it has transparency, else JPEG.

    :raises NotAnImage: it cannot be decoded
    :raises FileTooLarge: it has more pixels than a picture needs; nothing was decoded
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise FileTooLarge()
                opened.draft("RGB", (longest_side, longest_side))
                image = ImageOps.exif_transpose(opened)
                image.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
                transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
                kept = opened.format == "PNG" or transparent
                plain = image.convert("RGBA" if transparent else "RGB")
                out = io.BytesIO()
                if kept:
                    plain.save(out, "PNG", optimize=False, compress_level=6)
                else:
                    plain.save(out, "JPEG", quality=88, optimize=True, progressive=True)
    except FileTooLarge:
        raise
    except Image.DecompressionBombError as error:
        raise FileTooLarge() from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError) as error:
        raise NotAnImage() from error
    return CleanImage(out.getvalue(), "image/png" if kept else "image/jpeg", plain.width, plain.height)
