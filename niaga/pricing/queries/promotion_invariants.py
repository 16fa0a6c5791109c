"""What must be true of promotions, coupons and their uses in every sound database."""

from niaga.core.registry import InvariantCheck

INVARIANTS = {
    "promotion_usage_is_the_sum_of_its_uses": InvariantCheck(
        promise="The usage of a promotion with a limit counts its live uses and adds up what they took off.",
        sql="""
            SELECT p.id, p.name, u.uses, u.amount, coalesce(x.uses, 0), coalesce(x.amount, 0)
              FROM pricing_promotion p
              LEFT JOIN pricing_promotionusage u ON u.promotion_id = p.id
              LEFT JOIN (SELECT promotion_id, count(*) AS uses, sum(amount) AS amount FROM pricing_promotionuse
                          WHERE released_at IS NULL GROUP BY promotion_id) x ON x.promotion_id = p.id
             WHERE (p.most_uses, p.most_per_customer, p.budget) IS DISTINCT FROM (NULL::int, NULL::int, NULL::numeric)
               AND (u.uses, u.amount) IS DISTINCT FROM (coalesce(x.uses, 0), coalesce(x.amount, 0))
        """,
    ),
    "coupon_uses_are_counted": InvariantCheck(
        promise="A coupon counts its live uses.",
        sql="""
            SELECT c.id, c.code, c.uses, coalesce(x.uses, 0) FROM pricing_coupon c
              LEFT JOIN (SELECT coupon_id, count(*) AS uses FROM pricing_promotionuse
                          WHERE released_at IS NULL AND coupon_id IS NOT NULL GROUP BY coupon_id) x
                ON x.coupon_id = c.id
             WHERE c.uses <> coalesce(x.uses, 0)
        """,
    ),
    "promotions_stay_within_their_limits": InvariantCheck(
        promise="No promotion is used beyond its number, its budget or its number for one customer.",
        sql="""
            SELECT p.id, p.name FROM pricing_promotion p JOIN pricing_promotionusage u ON u.promotion_id = p.id
             WHERE u.uses > p.most_uses OR u.amount > p.budget
            UNION ALL
            SELECT p.id, p.name FROM pricing_promotion p JOIN pricing_promotionuse x ON x.promotion_id = p.id
             WHERE x.released_at IS NULL AND x.customer_id IS NOT NULL AND p.most_per_customer IS NOT NULL
             GROUP BY p.id, p.name, x.customer_id, p.most_per_customer HAVING count(*) > p.most_per_customer
        """,
    ),
    "coupons_open_their_own_promotion": InvariantCheck(
        promise="A coupon was used only for the promotion that it belongs to, within one company.",
        sql="""
            SELECT x.id, c.code FROM pricing_promotionuse x JOIN pricing_coupon c ON c.id = x.coupon_id
             WHERE c.promotion_id <> x.promotion_id
            UNION ALL
            SELECT c.id, c.code FROM pricing_coupon c JOIN pricing_promotion p ON p.id = c.promotion_id
             WHERE c.company_id <> p.company_id
        """,
    ),
    "promotions_name_the_companys_own": InvariantCheck(
        promise="A promotion names products, families and categories of its own company only.",
        sql="""
            SELECT s.id, p.name FROM pricing_promotionscope s JOIN pricing_promotion p ON p.id = s.promotion_id
              LEFT JOIN catalog_product a ON a.id = s.product_id
              LEFT JOIN catalog_productfamily f ON f.id = s.family_id
              LEFT JOIN catalog_category c ON c.id = s.category_id
             WHERE p.company_id <> coalesce(a.company_id, f.company_id, c.company_id, p.company_id)
            UNION ALL
            SELECT p.id, p.name FROM pricing_promotion p JOIN catalog_product g ON g.id = p.gift_product_id
             WHERE g.company_id <> p.company_id
        """,
    ),
}
