-- Classes come in from Excel like the other registers.

alter type import_register add value 'classes';
