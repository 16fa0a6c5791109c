from django.db import migrations

_HOLD = """
DECLARE one date;
BEGIN
  IF hold THEN
    FOR one IN SELECT DISTINCT d FROM unnest(days) AS d ORDER BY d LOOP
      PERFORM pg_advisory_xact_lock(hashtextextended('day:' || place || ':' || one, 0));
    END LOOP;
  END IF;
  RETURN QUERY
    SELECT coalesce(l.planned_date, o.planned_date), count(DISTINCT o.id)::integer, count(*)::integer{sums}
      FROM sales_salesorder o JOIN sales_salesorderline l ON l.order_id = o.id{joins}
     WHERE o.company_id = (SELECT company_id FROM stock_warehouse WHERE id = place) AND o.warehouse_id = place
       AND o.status = 'confirmed' AND o.delivery_progress <> 'done' AND o.id IS DISTINCT FROM but
       AND l.product_id IS NOT NULL AND l.quantity - l.cancelled - l.shipped - l.direct > 0
       AND coalesce(l.planned_date, o.planned_date) = ANY(days)
     GROUP BY 1;
END $$
"""
_BEFORE = """
CREATE FUNCTION sales_load_of_days(place uuid, days date[], but uuid, hold boolean)
RETURNS TABLE(day date, orders integer, lines integer) LANGUAGE plpgsql VOLATILE AS $$
"""
# Goods are weighed only where a limit asks for it: the other warehouses' days cost what they did.
_AFTER = """
CREATE FUNCTION sales_load_of_days(place uuid, days date[], but uuid, hold boolean, weigh boolean)
RETURNS TABLE(day date, orders integer, lines integer, weight numeric, volume numeric, carried integer,
              unweighed integer, unmeasured integer) LANGUAGE plpgsql VOLATILE AS $$
"""
_REST = "(l.quantity - l.cancelled - l.shipped - l.direct)"
_SUMS = f""",
           coalesce(sum({_REST} * w.weight), 0), coalesce(sum({_REST} * w.volume), 0),
           (count(*) FILTER (WHERE w.carried))::integer, (count(*) FILTER (WHERE w.no_weight))::integer,
           (count(*) FILTER (WHERE w.no_volume))::integer"""
_JOINS = """
      LEFT JOIN LATERAL (
        SELECT g.* FROM catalog_load(l.product_id, l.unit_id, l.factor, l.parts) g WHERE weigh) w ON true"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0012_weight_and_volume"), ("sales", "0025_drop_ship")]

    operations = [
        migrations.RunSQL(
            "DROP FUNCTION sales_load_of_days(uuid, date[], uuid, boolean);"
            + _AFTER
            + _HOLD.format(sums=_SUMS, joins=_JOINS),
            "DROP FUNCTION sales_load_of_days(uuid, date[], uuid, boolean, boolean);"
            + _BEFORE
            + _HOLD.format(sums="", joins=""),
        )
    ]
