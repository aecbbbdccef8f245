-- The newest backups are found without walking over the record.

create index events_of_backups on events (tenant_id, at desc, id desc) where subject = 'backup';
