-- The duty list comes in from Excel too.

alter type import_register add value 'duties';
