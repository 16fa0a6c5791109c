from niaga.analytics.models.margin import MarginFact, MarginRow

__all__ = ["MarginFact", "MarginRow"]
