"""What must be true of points and tiers in every sound database."""

from niaga.core.registry import InvariantCheck

INVARIANTS = {
    "points_add_up": InvariantCheck(
        promise="A points balance is the sum of its entries, and of what is left in its lots less what is owed.",
        sql="""
            SELECT a.id, a.balance, a.owed, coalesce(e.points, 0), coalesce(l.remaining, 0)
              FROM pricing_pointsaccount a
              LEFT JOIN (SELECT account_id, sum(points) AS points FROM pricing_pointsentry GROUP BY 1) e
                ON e.account_id = a.id
              LEFT JOIN (SELECT account_id, sum(remaining) AS remaining FROM pricing_pointslot GROUP BY 1) l
                ON l.account_id = a.id
             WHERE a.balance <> coalesce(e.points, 0) OR a.balance <> coalesce(l.remaining, 0) - a.owed
                OR (a.owed > 0 AND coalesce(l.remaining, 0) > 0)
        """,
    ),
    "lots_of_points_are_what_is_left_of_them": InvariantCheck(
        promise="A lot of points holds what came in less all that was taken of it.",
        sql="""
            SELECT l.id, l.points, l.remaining, coalesce(t.points, 0) FROM pricing_pointslot l
              LEFT JOIN (SELECT lot_id, sum(points) AS points FROM pricing_pointstaking GROUP BY 1) t ON t.lot_id = l.id
             WHERE l.remaining <> l.points - coalesce(t.points, 0)
        """,
    ),
    "no_more_points_are_taken_back_than_were_earned": InvariantCheck(
        promise="Credit notes take back no more points than their invoice had earned.",
        sql="""
            SELECT e.subject_id, e.points, sum(b.points) FROM pricing_pointsentry e
              JOIN pricing_pointsentry b ON b.of_id = e.subject_id AND b.kind = 'take_back'
             WHERE e.kind = 'earn' GROUP BY e.id HAVING e.points + sum(b.points) < 0
        """,
    ),
    "no_more_points_come_back_than_were_used": InvariantCheck(
        promise="No document gives back more points than it used.",
        sql="""
            SELECT coalesce(e.of_id, e.subject_id), sum(e.points) FROM pricing_pointsentry e
             WHERE e.kind IN ('burn', 'give_back') GROUP BY 1 HAVING sum(e.points) > 0
        """,
    ),
    "tiers_and_points_are_of_the_members_company": InvariantCheck(
        promise="A member's company is that of the customer and of the tier.",
        sql="""
            SELECT a.id FROM pricing_pointsaccount a JOIN parties_customer c ON c.id = a.customer_id
              LEFT JOIN pricing_loyaltytier t ON t.id = a.tier_id
             WHERE c.company_id <> a.company_id OR t.company_id <> a.company_id
        """,
    ),
}
