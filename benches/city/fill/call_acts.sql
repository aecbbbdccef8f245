-- What departments, street and community did on the whistles: steps, clocks, check, ratings, the
-- resident's word, and one event for each act.

insert into assignment_steps (tenant_id, id, whistle_id, assignment_id, kind, person_id, post_id, at, words)
select (select id from bench.tenant), bench.id(a.at + s.n * a.pace, a.i, 70 + 4 * a.position + s.n), a.id, a.assignment,
       s.kind::step_kind, a.person, a.post, a.at + s.n * a.pace, s.words
  from bench.asked a
  join bench.words w on w.n = a.words
  cross join lateral (values (2, 'sign', ''), (3, 'report', '现场，' || a.name || '等 3 人。到场核对，三天内办结。'),
                             (4, 'feedback', w.mended || '。')) s (n, kind, words)
 where s.n <= a.reached;

insert into checks (tenant_id, id, whistle_id, round, passed, words, person_id, post_id, post_kind, at)
select (select id from bench.tenant), bench.id(c.at + 5 * c.pace, c.i, 90), c.id, 1, true, '到现场看过，已达到结案条件。',
       l.checker, l.checker_post, 'street_checker', c.at + 5 * c.pace
  from bench.calls c
  join bench.places l on l.n = c.place
 where c.reached >= 5;

insert into ratings (tenant_id, id, whistle_id, assignment_id, side, speed, attendance, result, attitude, cooperation, words,
                     person_id, post_id, post_kind, at)
select (select id from bench.tenant), bench.id(a.at + 6 * a.pace, a.i, 90 + 2 * a.position + s.n), a.id, a.assignment,
       s.side::asking_side, m.mark, m.mark, m.mark, m.mark, m.mark, '',
       case s.n when 1 then l.dispatcher else l.secretary end, case s.n when 1 then l.dispatcher_post else l.secretary_post end,
       case s.n when 1 then 'street_dispatcher'::post_kind else 'community_secretary' end, a.at + 6 * a.pace
  from bench.asked a
  join bench.places l on l.n = a.place
  cross join lateral (values (1, 'street'), (2, 'community')) s (n, side)
  cross join lateral (select 2 + bench.pick(a.i, 95 + s.n, 3) as mark) m
 where a.reached >= 6;

insert into clocks (tenant_id, id, whistle_id, assignment_id, stage, amount, unit, started_at, due_at, soon_at, stopped_at,
                    stop_reason)
select (select id from bench.tenant), bench.id(a.at + a.pace / 2, a.i, 110 + 8 * a.position + s.n), a.id, a.assignment,
       s.stage::clock_stage, 5, 'work_day', a.at + a.pace / 2, a.at + interval '7 days', a.at + interval '5 days',
       case when s.n <= a.reached then a.at + s.n * a.pace end, case when s.n <= a.reached then s.reason end
  from bench.asked a
  cross join lateral (values (2, 'sign', '签收'), (3, 'report', '报到'), (4, 'close', '反馈')) s (n, stage, reason);

insert into clocks (tenant_id, id, whistle_id, stage, amount, unit, started_at, due_at, soon_at, stopped_at, stop_reason)
select (select id from bench.tenant), bench.id(c.at + (s.n - 1) * c.pace, c.i, 140 + s.n), c.id, s.stage::clock_stage, 1,
       'work_day', c.at + (s.n - 1) * c.pace, c.at + interval '7 days', c.at + interval '5 days',
       case when s.n <= c.reached then c.at + s.n * c.pace end, case when s.n <= c.reached then s.reason end
  from bench.calls c
  cross join lateral (values (5, 'check', '核查'), (6, 'rating', '评价'), (7, 'conclude', '办结')) s (n, stage, reason)
 where s.n - 1 <= c.reached;

insert into visits (tenant_id, id, whistle_id, matter_id, round, state, version, asked_at, window_ends_at, ended_at, answer,
                    feeling, words, way, person_id, post_id, post_kind)
select (select id from bench.tenant), bench.id(c.at + 5 * c.pace, c.i, 150), c.id, bench.id(c.filed_at, c.i, 0), 1,
       case when s.answered then 'answered' else 'expired' end::visit_state, 2, c.at + 5 * c.pace,
       c.at + 5 * c.pace + interval '3 days', c.at + 8 * c.pace,
       case when s.answered then 'solved'::visit_answer end,
       case when s.answered then (array['satisfied', 'satisfied', 'basically'])[1 + bench.pick(c.i, 152, 3)]::visit_feeling end,
       case when s.answered then '办得好。' end, case when s.answered then 'desk'::visit_way end,
       case when s.answered then o.person end, case when s.answered then o.post end,
       case when s.answered then 'city_office'::post_kind end
  from bench.calls c
  cross join lateral (select bench.pick(c.i, 151, 10) < 8 as answered) s
  cross join (select person, post from bench.seats where kind = 'city_office' limit 1) o
 where c.reached = 7;

insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name, post_id, seat, department_id,
                    sentence)
select (select id from bench.tenant), bench.id(c.at + e.n * c.pace / 2, c.i, 160 + e.n), c.at + e.n * c.pace / 2, 'whistle',
       c.id, e.verb, e.person, e.name, e.post, e.seat, null, e.sentence
  from bench.calls c
  join bench.places l on l.n = c.place
  join bench.departments d on d.n = c.lead
  cross join lateral (values
      (0, 1, 'draft', l.dispatcher, l.dispatcher_name, l.dispatcher_post, l.dispatcher_seat, '由街道起草。'),
      (1, 1, 'sound', l.dispatcher, l.dispatcher_name, l.dispatcher_post, l.dispatcher_seat, '主办' || d.seat || '。'),
      (10, 5, 'check_pass', l.checker, l.checker_name, l.checker_post, l.dispatcher_seat, '到现场看过，已达到结案条件。'),
      (12, 6, 'rate', l.dispatcher, l.dispatcher_name, l.dispatcher_post, l.dispatcher_seat, '街道评价了部门。'),
      (13, 6, 'rate', l.secretary, l.secretary_name, l.secretary_post, l.secretary_seat, '社区评价了部门。'),
      (14, 7, 'close', l.dispatcher, l.dispatcher_name, l.dispatcher_post, l.dispatcher_seat, '问题已解决。')
  ) e (n, step, verb, person, name, post, seat, sentence)
 where e.step <= c.reached;

insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name, post_id, seat, department_id,
                    sentence)
select (select id from bench.tenant), bench.id(a.at + s.n * a.pace, a.i, 180 + 5 * a.position + s.n), a.at + s.n * a.pace,
       'whistle', a.id, s.verb, a.person, a.name, a.post, a.seat, a.department, s.words
  from bench.asked a
  join bench.words w on w.n = a.words
  cross join lateral (values (2, 'sign', ''), (3, 'report', '现场，' || a.name || '等 3 人。到场核对，三天内办结。'),
                             (4, 'feedback', w.mended || '。')) s (n, verb, words)
 where s.n <= a.reached;
