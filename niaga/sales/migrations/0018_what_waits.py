"""What confirmed orders wait for since before there were claims becomes a claim; the hourly job finds its day."""

from django.db import migrations

SQL = """
INSERT INTO stock_awaited (id, company_id, warehouse_id, product_id, source_kind, source_id, line_id, quantity,
                           created_at)
SELECT gen_random_uuid(), o.company_id, o.warehouse_id, n.product_id, 'order', o.id, l.id,
       (l.quantity - l.cancelled - l.shipped) * l.factor * n.each - h.held, coalesce(o.confirmed_at, o.created_at)
  FROM sales_salesorder o JOIN sales_salesorderline l ON l.order_id = o.id
 CROSS JOIN LATERAL (
   SELECT l.product_id, 1::numeric AS each WHERE l.parts = '[]'::jsonb
   UNION ALL
   SELECT (p ->> 'product_id')::uuid, (p ->> 'quantity')::numeric FROM jsonb_array_elements(l.parts) p
    WHERE (p ->> 'is_stocked')::boolean) n
 CROSS JOIN LATERAL (
   SELECT coalesce(sum(r.quantity), 0) AS held FROM stock_reservation r
    WHERE r.source_id = o.id AND r.line_id = l.id AND r.product_id = n.product_id) h
 WHERE o.status = 'confirmed' AND o.delivery_progress <> 'done' AND l.needs_stock AND l.product_id IS NOT NULL
   AND (l.quantity - l.cancelled - l.shipped) * l.factor * n.each > h.held
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("sales", "0017_billing_choice_and_milestones"), ("stock", "0008_schedule_and_picking")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
