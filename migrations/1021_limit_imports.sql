-- The limits come in from Excel too.

alter type import_register add value 'limits';
