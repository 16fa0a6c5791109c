from niaga.imports.models.batch import ImportBatch, ImportChange

__all__ = ["ImportBatch", "ImportChange"]
