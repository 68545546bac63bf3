"""Papers attached to documents and parties, and the trail of edits to vendors.

Here belongs: what BILL tells about them, one listing per parent, read when asked for.
Not here: the files themselves and the links to them, which are never stored.
"""

from bill_source.entities.entity import START, Entity, singular
from bill_source.entities.words import columns


def attachments(parents: str) -> Entity:
    """Build the list of what is attached to one kind of parent."""
    parent = singular(parents)
    return Entity(
        table=f"{parent}_attachments",
        path=f"/v3/attachments/{parents}/{{parent_id}}",
        group="documents",
        per=parents,
        after=3,
        mode="full",
        sort="",
        id_filter=False,
        vanishes=True,
        get_path="/v3/attachments/{id}",
        columns=columns(f"id {parent}_id= name createdTime:instant"),
    )


DOCUMENTS = (
    Entity(
        table="bill_documents",
        path="/v3/documents/bills/{parent_id}",
        group="documents",
        per="bills",
        after=3,
        mode="full",
        sort="",
        id_filter=False,
        vanishes=True,
        get_path="/v3/documents/{id}",
        columns=columns(
            "id bill_id= name createdTime:instant scanStatus@scan_status"
            " numOfPages:integer"
        ),
    ),
    attachments("invoices"),
    attachments("vendors"),
    attachments("customers"),
)

AUDIT_TRAIL = (
    Entity(
        table="vendor_audit_trail",
        path="/v3/reports/audit-trail/vendor/{parent_id}",
        shape="array",
        next_parameter=START,
        parameters=(("includeArchived", "true"),),
        group="audit_trail",
        per="vendors",
        after=3,
        mode="full",
        sort="",
        id_filter=False,
        identity="",
        scoped=True,
        get_path="",
        # BILL types this createdTime as plain text, so it is kept as text.
        columns=columns(
            "id vendor_id= source type createdTime user.id user.name field.name"
            " field.value.previous field.value.current"
        ),
    ),
)
