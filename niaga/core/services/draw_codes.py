from uuid import UUID

from niaga.core.batch import Batch


def draw_codes(*, company_id: UUID, kind: str, prefix: str, count: int) -> list[str]:
    """The next `count` codes of master data, such as `C-00001`. Codes may have gaps; documents' numbers may not."""
    batch = Batch()
    block = batch.sql(
        "block",
        "INSERT INTO core_numberseries AS s (id, company_id, kind, period, prefix, width, last)"
        " VALUES (gen_random_uuid(), %s::uuid, %s::text, '', %s::text, 5, %s::int)"
        " ON CONFLICT (company_id, kind, period) DO UPDATE SET last = s.last + excluded.last"
        " RETURNING last",
        [company_id, kind, prefix, count],
        result="(SELECT last FROM {name})",
    )
    last: int = batch.write()[block]
    return [f"{prefix}{number:05d}" for number in range(last - count + 1, last + 1)]
