-- Proof of what was mended is kept with its rectification item; what proves a task has its kind already.

alter type file_owner add value 'rectification';
