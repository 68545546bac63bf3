"""Everything that can go wrong between us and BILL, sorted by what to do next.

Here belongs: one exception per kind of next step, with BILL's code and advice.
Not here: when they are raised (client.py, pipeline.py), or how a run ends because of
them (orchestration). No message ever carries a password, a key or a session id.
"""

from datetime import datetime
from typing import ClassVar


class BillError(Exception):
    """The load could not be done; ``str()`` says what happened and what to do.

    Attributes:
        code: BILL's own code, such as ``BDC_1144``, where BILL gave one.
        advice: What to do next, one sentence.
        retryable: Whether the same load may succeed if it is simply run again.
    """

    retryable: ClassVar[bool] = False
    default_advice: ClassVar[str] = "Run the sync again."

    def __init__(self, message: str, *, code: str = "", advice: str = "") -> None:
        self.message = message
        self.code = code
        self.advice = advice or self.default_advice
        super().__init__(f"{message} {self.advice}")


class BillSettingsError(BillError):
    """A credential or an address is missing or malformed; nothing was asked of BILL."""

    default_advice = "Correct the connection's settings and run the sync again."


class BillUnavailableError(BillError):
    """BILL gave no usable answer in several attempts: network, 429, 5xx, cut bodies."""

    retryable = True
    default_advice = "Nothing is lost: run the sync again in a few minutes."


class BillAuthError(BillError):
    """BILL refused the credential at login; a person has to connect again.

    Attributes:
        part: What is wrong as far as BILL tells: ``token``, ``developer key`` or
            ``environment``.
    """

    default_advice = "Connect again with the right credential."

    def __init__(self, message: str, *, part: str, code: str, advice: str = "") -> None:
        super().__init__(message, code=code, advice=advice)
        self.part = part


class BillRejectedError(BillError):
    """BILL understood the request and refused it; repeating it changes nothing."""

    default_advice = "See BILL's code in the message; the data loaded so far is intact."

    def __init__(
        self, message: str, *, code: str = "", advice: str = "", status: int = 0
    ) -> None:
        super().__init__(message, code=code, advice=advice)
        self.status = status


class BillForbiddenError(BillRejectedError):
    """This user or token may not read the list, or it does not exist (403, 404)."""

    default_advice = "Give the token's user the right to read it, or leave it out."


class BillQueryError(BillRejectedError):
    """BILL refuses a filter or a sort of ours (BDC_1130, BDC_1131, plain 400)."""


class BillPageError(BillRejectedError):
    """BILL refuses a page token; the listing has to start again from its first page."""

    default_advice = "Run the sync again; the listing starts from its first page."


class BillSessionError(BillRejectedError):
    """The session ended twice within one run."""

    default_advice = "Check that nothing else logs in with this token, then run again."


class BillOrganizationError(BillRejectedError):
    """The session belongs to another organization than the connection."""

    default_advice = "Connect again with the organization id the token was made for."


class BillAccessError(BillRejectedError):
    """The credential may be right, but BILL lets nobody in through the API yet.

    No API access (BDC_1105), terms of service not accepted (BDC_1104), no active user
    (BDC_1111).
    """


class BillLockedError(BillRejectedError):
    """BILL has locked the organization or the login for a while (423, BDC_1107)."""

    default_advice = "Wait at least 15 minutes before the next sync; do not log in."


class BillLimitError(BillRejectedError):
    """The hourly limit of requests or logins is used up (BDC_1144).

    Attributes:
        until: The start of the next clock hour, when BILL counts from zero again.
        limit: Which limit it is, in words.
    """

    def __init__(
        self,
        message: str,
        *,
        until: datetime,
        code: str = "",
        status: int = 0,
        limit: str = "BILL's hourly limit",
    ) -> None:
        advice = f"Run the sync again after {until:%H:%M} UTC; what was stored is kept."
        super().__init__(message, code=code, advice=advice, status=status)
        self.until = until
        self.limit = limit


class BillResponseError(BillError):
    """BILL's answer does not have the documented shape."""

    default_advice = "Run the sync again; if it stays, report it with this message."


class WarehouseError(BillError):
    """The local warehouse file is in use, damaged or not writable."""

    default_advice = "Close other programs that use the file and run the sync again."
