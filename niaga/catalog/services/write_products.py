from django.db import IntegrityError, transaction

from niaga.catalog.errors import BarcodeTaken, SkuTaken
from niaga.core.batch import Batch


def write_products(batch: Batch) -> None:
    """Write products that were checked.

    :raises SkuTaken, BarcodeTaken: somebody else took it at this moment
    """
    try:
        with transaction.atomic():
            batch.write()
    except IntegrityError as error:
        if "one_sku" in str(error):
            raise SkuTaken(field="sku") from error
        if "one_barcode" in str(error):
            raise BarcodeTaken(field="barcodes") from error
        raise
