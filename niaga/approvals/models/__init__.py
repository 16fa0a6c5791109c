from niaga.approvals.models.delegation import Delegation
from niaga.approvals.models.request import ApprovalDecision, ApprovalRequest, ApprovalStep, RequestStatus, StepStatus
from niaga.approvals.models.rule import ApprovalRule

__all__ = [
    "ApprovalDecision",
    "ApprovalRequest",
    "ApprovalRule",
    "ApprovalStep",
    "Delegation",
    "RequestStatus",
    "StepStatus",
]
