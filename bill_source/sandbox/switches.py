"""What nobody knows about BILL for sure, as settings of the sandbox.

Here belongs: one field per unknown, its possible answers and the answer we assume,
which is the most dangerous one for a client. Not here: faults (faults.py), which BILL
shows only when something breaks.
"""

from dataclasses import dataclass, fields
from typing import Any, Literal, get_args, get_origin


@dataclass
class Switches:
    """How this sandbox answers where BILL's documentation is silent."""

    archived_in_lists: Literal["include", "exclude"] = "include"
    default_order: Literal["random", "created", "id"] = "random"
    paging: Literal["offset", "keyset"] = "offset"
    token_carries_query: bool = True
    page_life: Literal["session", "none"] | float = "session"
    visibility_lag: float = 0.0
    visibility_order: Literal["shuffled", "kept"] = "shuffled"
    duplicate_row_across_pages: bool = False
    repeated_token: bool = False
    payment_touches_bill: Literal["never", "schedule", "settle", "void", "always"] = (
        "never"
    )
    receipt_touches_invoice: bool = False
    credit_touches_document: bool = False
    archive_touches: bool = True
    approval_touches: bool = True
    balance_touches_party: bool = False
    line_ids_survive: bool = False
    empty_fields: Literal["omit", "null"] = "omit"
    timestamp_zone: Literal["+00:00", "Z", "+0000"] = "+00:00"
    timestamp_precision: Literal["ms", "s"] = "ms"
    payment_amounts: Literal["net", "gross"] = "net"
    approvers_in_lists: bool | Literal["flag"] = True
    unknown_values: bool = False
    limit_status: int = 422
    login_refusal_status: int = 401
    error_shape: Literal["array", "object", "html"] = "array"
    hourly_requests: int | None = 20_000
    hourly_logins: int | None = 200
    concurrent_requests: int | None = 3
    failed_logins_before_lock: int | None = 10
    user_session_minutes: float | None = 35
    token_session_hours: float | None = 48
    session_calls: int | None = None
    updated_filter_on_recurring: bool = False
    undocumented_operators: bool = False
    invoice_status_operators: Literal["both", "eq", "in"] = "both"
    organization_by_token: bool = False
    id_list_limit: int = 100
    spend_clear: Literal["new_row", "same_row"] = "new_row"
    spend_calls_per_minute: int | None = 60
    spend_limit_status: int = 429
    latency_seconds: float = 0.002

    @classmethod
    def parse(cls, settings: dict[str, str]) -> "Switches":
        """Build switches from text, as the command line and the control API have it.

        Raises:
            ValueError: An unknown name or a value the switch does not take.
        """
        kinds = {field.name: field.type for field in fields(cls)}
        chosen: dict[str, Any] = {}
        for name, text in settings.items():
            if name not in kinds:
                raise ValueError(f"unknown switch {name}: one of {', '.join(kinds)}")
            chosen[name] = _value(name, text, kinds[name])
        return cls(**chosen)


def _value(name: str, text: str, kind: Any) -> Any:
    """Read one switch's text as the first of its kinds that fits."""
    options = [kind] if get_origin(kind) is Literal else (get_args(kind) or [kind])
    for option in options:
        if get_origin(option) is Literal and text in get_args(option):
            return text
        if option is bool and text.lower() in {"true", "false"}:
            return text.lower() == "true"
        if option is type(None) and text.lower() == "none":
            return None
        if option in {int, float} and text.replace(".", "", 1).isdigit():
            return option(text)
    raise ValueError(f"switch {name} does not take {text!r}")
