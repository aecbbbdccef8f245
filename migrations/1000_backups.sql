-- Backups (备份) are recorded with each tenant: what the record says, the page of backups shows.

alter type event_subject add value 'backup';
