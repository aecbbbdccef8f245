-- The words that the five powers (五项权力) add to older lists. A new value of an enum can be used only
-- when the transaction that added it is over, so they stand in a file of their own.

alter type event_subject add value 'plan';
alter type event_subject add value 'exercise';
alter type event_subject add value 'violation';

alter type clock_stage add value 'opinion';
alter type clock_stage add value 'minutes';
alter type clock_stage add value 'item';
alter type clock_stage add value 'answer';
alter type clock_stage add value 'reaction';
alter type clock_stage add value 'ruling';

alter type limit_rule add value 'ask_before';
alter type limit_rule add value 'opinion_cadre';
alter type limit_rule add value 'opinion_planning';
alter type limit_rule add value 'opinion_project';
alter type limit_rule add value 'opinion_award';
alter type limit_rule add value 'minutes';
alter type limit_rule add value 'answer_cadre';
alter type limit_rule add value 'answer_planning';
alter type limit_rule add value 'answer_coordination';
alter type limit_rule add value 'answer_project';
alter type limit_rule add value 'answer_award';
alter type limit_rule add value 'reaction';
alter type limit_rule add value 'ruling';
