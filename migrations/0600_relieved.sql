-- An assignment that was reassigned (改派) is over for its department. A value of its own
-- migration: what adds it cannot use it.

alter type assignment_stage add value 'relieved';
