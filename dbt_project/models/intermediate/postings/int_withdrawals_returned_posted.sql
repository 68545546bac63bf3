-- The bank leg of voided payments: what BILL gave back.
{{ transfers_posted("back") }}
