-- Photos that were added to a thing on its page, and not taken with a step of a case.

alter type photo_step add value 'added';
