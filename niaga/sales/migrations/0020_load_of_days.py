from django.db import migrations

# What is planned to leave a warehouse on some days, but for one order. With `hold` each day is held until the
# transaction ends, the earliest first, before anything is counted: so two orders never take the last place of a day.
LOAD = """
CREATE FUNCTION sales_load_of_days(place uuid, days date[], but uuid, hold boolean)
RETURNS TABLE(day date, orders integer, lines integer) LANGUAGE plpgsql VOLATILE AS $$
DECLARE one date;
BEGIN
  IF hold THEN
    FOR one IN SELECT DISTINCT d FROM unnest(days) AS d ORDER BY d LOOP
      PERFORM pg_advisory_xact_lock(hashtextextended('day:' || place || ':' || one, 0));
    END LOOP;
  END IF;
  RETURN QUERY
    SELECT coalesce(l.planned_date, o.planned_date), count(DISTINCT o.id)::integer, count(*)::integer
      FROM sales_salesorder o JOIN sales_salesorderline l ON l.order_id = o.id
     WHERE o.company_id = (SELECT company_id FROM stock_warehouse WHERE id = place) AND o.warehouse_id = place
       AND o.status = 'confirmed' AND o.delivery_progress <> 'done' AND o.id IS DISTINCT FROM but
       AND l.product_id IS NOT NULL AND l.quantity - l.cancelled - l.shipped > 0
       AND coalesce(l.planned_date, o.planned_date) = ANY(days)
     GROUP BY 1;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0019_freed_by_money"), ("stock", "0011_capacity")]
    operations = [migrations.RunSQL(LOAD, "DROP FUNCTION sales_load_of_days")]
