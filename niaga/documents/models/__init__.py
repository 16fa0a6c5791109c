from niaga.documents.models.affixed_stamp import AffixedStamp
from niaga.documents.models.attachment import Attachment, StoredFile
from niaga.documents.models.issued_pdf import IssuedPdf
from niaga.documents.models.paper_template import PaperTemplate, TemplateDefault, TemplateVersion
from niaga.documents.models.public_link import LinkOpening, PublicLink

__all__ = [
    "AffixedStamp",
    "Attachment",
    "IssuedPdf",
    "LinkOpening",
    "PaperTemplate",
    "PublicLink",
    "StoredFile",
    "TemplateDefault",
    "TemplateVersion",
]
