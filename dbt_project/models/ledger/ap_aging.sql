-- What we owed vendors, open item by open item, at every month end and now.
{{ aging(control_account="2000", sign=-1, dated_type="bill") }}
