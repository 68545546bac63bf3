-- What customers owed us, open item by open item, at every month end and now.
{{ aging(control_account="1100", sign=1, dated_type="invoice") }}
