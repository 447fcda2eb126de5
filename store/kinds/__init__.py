"""The kinds and states of everything that is stored: the field's words, once each."""

from store.kinds.alerts import (
    AlertPhase,
    AlertState,
)
from store.kinds.cases import (
    ENDED,
    FOR_A_PERSON,
    GOES_ON,
    CaseKind,
    DraftState,
    Fault,
    Severity,
    Status,
    TokenPurpose,
)
from store.kinds.desk import (
    CompensationState,
    PromiseState,
    RequestKind,
    RequestState,
)
from store.kinds.events import (
    EventKind,
)
from store.kinds.following import (
    CommitmentState,
    IssueState,
    SignalKind,
)
from store.kinds.leaving import (
    TO_CUSTOMERS,
    LetterKind,
    LetterState,
    TimerKind,
    TimerState,
)
from store.kinds.mail import (
    FROM_CUSTOMERS,
    ArrivalState,
    MailKind,
)

__all__ = [
    "ENDED",
    "FOR_A_PERSON",
    "FROM_CUSTOMERS",
    "GOES_ON",
    "TO_CUSTOMERS",
    "AlertPhase",
    "AlertState",
    "ArrivalState",
    "CaseKind",
    "CommitmentState",
    "CompensationState",
    "DraftState",
    "EventKind",
    "Fault",
    "IssueState",
    "LetterKind",
    "LetterState",
    "MailKind",
    "PromiseState",
    "RequestKind",
    "RequestState",
    "Severity",
    "SignalKind",
    "Status",
    "TimerKind",
    "TimerState",
    "TokenPurpose",
]
