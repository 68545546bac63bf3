"""How each table of the page about coverage looks: its columns, in order.

Here belongs: labels and widths. Not here: when a table is drawn (coverage.py), what is
in it (books/coverage.py).
"""

from orchestration.app.formats import (
    count_column,
    day_column,
    instant_column,
    money_column,
    month_column,
    share_column,
    text_column,
)

LISTS = {
    "element": text_column("List in BILL", pinned=True, width=190),
    "synced": text_column("Synced", width=80),
    "records_in_source": count_column("In BILL", width=80),
    "loaded": count_column("Loaded", width=80),
    "posted": count_column("Posted", width=80),
    "posted_amount": money_column("Posted, sum"),
    "not_posted": count_column("Not posted", width=90),
    "reasons": text_column("Why not", width=260),
    "waiting_in_quarantine": count_column("Unreadable", width=95),
    "last_synced_at": instant_column("Last read", width=140),
    "note": text_column("Note", width=320),
}
REASONS = {
    "document_type": text_column("Document", width=150),
    "reason": text_column("Why not", width=170),
    "documents": count_column("Documents"),
    "amount": money_column("Sum"),
    "currency": text_column("Currency", width=80),
}
REFUSED = {
    "document_type": text_column("Document", width=120),
    "number": text_column("Number", width=140),
    "party_name": text_column("Party", width=220),
    "date": day_column("Date", width=95),
    "amount": money_column("Amount"),
    "currency": text_column("Currency", width=80),
    "reason": text_column("Why not", width=150),
}
CAUSES = {
    "cause": text_column("Why", width=330),
    "grain": text_column("Of", width=90),
    "items": count_column("Items", width=65),
    "currency": text_column("Currency", width=75),
    "ledger_open": money_column("Open here"),
    "source_due": money_column("Due in BILL"),
    "unexplained": money_column("Unexplained"),
}
DIFFERENCES = {
    "document_type": text_column("Document or party", width=130),
    "number": text_column("Number", width=140),
    "party_name": text_column("Party", width=220),
    "ledger_open": money_column("Open here"),
    "source_due": money_column("Due in BILL"),
    "unexplained": money_column("Unexplained"),
    "cause": text_column("Cause", width=360),
}
CLEARING = {
    "account_number": text_column("Account", width=80),
    "party_name": text_column("Party", width=220),
    "document_type": text_column("Document", width=110),
    "number": text_column("Number", width=140),
    "amount": money_column("Amount"),
    "since": day_column("Since", width=95),
    "age_days": count_column("Days"),
    "cause": text_column("Why", width=220),
}
FINDINGS = {
    "check_name": text_column("Check", width=260),
    "severity": text_column("Severity", width=90),
    "findings": count_column("Findings"),
    "first_seen": instant_column("Since", width=140),
}
FINDING = {
    "document_type": text_column("Document", width=120),
    "number": text_column("Number", width=140),
    "message": text_column("What was found", width=520),
    "first_seen": instant_column("Since", width=140),
}
CHANGES = {
    "change": text_column("Change", width=110),
    "cause": text_column("Why", width=220),
    "entries": count_column("Entries"),
}
CHANGED = {
    "changed_at": instant_column("When", width=140),
    "change": text_column("Change", width=95),
    "cause": text_column("Why", width=150),
    "entry_date": day_column("Entry of", width=95),
    "entry_type": text_column("Type", width=110),
    "source_number": text_column("Number", width=130),
    "party_name": text_column("Party", width=200),
    "total": money_column("Total"),
}
MOVED = {
    "account_number": text_column("Account", width=80),
    "basis": text_column("Book", width=90),
    "balance": money_column("At the close"),
    "balance_now": money_column("Now"),
    "difference": money_column("Difference"),
}
DECIDED = {
    "decided_by": text_column("Decided by", width=180),
    "lines": count_column("Lines"),
    "amount": money_column("Amount"),
}
ACCURACY = {
    "month": month_column("Month of the answer", width=150),
    "lines": count_column("Lines"),
    "answered_lines": count_column("Answered"),
    "coverage": share_column("Share"),
    "reviewed_lines": count_column("Looked at by people"),
    "kept_lines": count_column("Kept"),
    "reached_precision": share_column("Share kept"),
}
