"""What must hold of approvals at any moment; each statement returns the rows that break its promise."""

from niaga.core.registry import InvariantCheck

INVARIANTS = {
    "one_open_step": InvariantCheck(
        "A request that waits has exactly one open step, and waits for its people; a settled one has none.",
        """
        SELECT r.id, r.number, r.status FROM approvals_approvalrequest r LEFT JOIN approvals_approvalstep s
            ON s.request_id = r.id AND s.status = 'open'
         GROUP BY r.id
        HAVING (r.status = 'waiting' AND (count(s.id) <> 1 OR NOT (min(s.people::text)::uuid[] = r.waits_for)))
            OR (r.status IN ('approved', 'rejected') AND count(s.id) > 0)
            OR (r.status <> 'waiting' AND cardinality(r.waits_for) > 0)
        """,
    ),
    "approved_by_decisions": InvariantCheck(
        "What is approved has a yes for each step that is, and no no; what is rejected has one.",
        """
        SELECT r.id, r.number FROM approvals_approvalrequest r
         WHERE (r.status = 'approved' AND (
                 EXISTS (SELECT 1 FROM approvals_approvaldecision d WHERE d.request_id = r.id AND NOT d.approved)
                 OR NOT EXISTS (SELECT 1 FROM approvals_approvaldecision d WHERE d.request_id = r.id AND d.approved)
                 OR EXISTS (SELECT 1 FROM approvals_approvalstep s WHERE s.request_id = r.id AND s.status = 'approved'
                      AND NOT EXISTS (SELECT 1 FROM approvals_approvaldecision d WHERE d.step_id = s.id))
                 OR EXISTS (SELECT 1 FROM approvals_approvalstep s WHERE s.request_id = r.id AND s.status = 'later')))
            OR (r.status = 'rejected'
                AND NOT EXISTS (SELECT 1 FROM approvals_approvaldecision d
                                 WHERE d.request_id = r.id AND NOT d.approved))
        """,
    ),
    "four_eyes": InvariantCheck(
        "Nobody decided about their own: neither who asked, nor who sells it, nor who wrote it.",
        """
        SELECT d.id, r.number FROM approvals_approvaldecision d JOIN approvals_approvalrequest r ON r.id = d.request_id
         WHERE d.decided_by_id = ANY(r.excluded) OR d.facts_hash <> r.facts_hash
        """,
    ),
}
