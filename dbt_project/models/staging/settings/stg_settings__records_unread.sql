-- Records of lists that are loaded and no model reads, as of this run.
select org_id, source_entity, source_id from {{ source("settings", "records_unread") }}
