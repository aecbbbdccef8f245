-- The whistles blown about them, as far as each has come. `reached` counts the steps: 1 sounded,
-- 2 signed, 3 reported, 4 fed back, 5 checked, 6 rated, 7 closed. Whatever is still open came that far lately.

drop table if exists bench.calls;
create unlogged table bench.calls as
select p.i, p.filed_at, p.place, p.words, p.is_open, bench.id(p.filed_at + interval '1 day', p.i, 50) as id,
       case when p.is_open then p.filed_at + interval '30 minutes' else p.filed_at + interval '1 day' end as at,
       case when p.is_open then 1 + bench.pick(p.i, 51, 6) else 7 end as reached,
       (array['routine', 'routine', 'routine', 'express', 'express'])[1 + bench.pick(p.i, 52, 5)]::whistle_kind as kind,
       bench.pick(p.i, 53, (select count(*)::int from bench.departments)) as lead,
       case when bench.pick(p.i, 54, 10) < 4 then
           (bench.pick(p.i, 53, (select count(*)::int from bench.departments)) + 1)
           % (select count(*)::int from bench.departments) end as assist
  from bench.plan p
 where p.by_whistle;
-- An open one was sounded at most two days ago: its steps lie minutes apart, those of an ended one hours.
alter table bench.calls add column pace interval;
update bench.calls set pace = case when is_open then interval '10 minutes' else interval '1 hour' end;
analyze bench.calls;

insert into whistles (tenant_id, id, number, kind, title, problem, own_measures, closing_condition, place_id, place_level,
                      place_code, from_community, stage, waiting_since, version, drafted_at, drafted_by, drafted_post,
                      approved_at, approved_by, approved_post, sounded_at, sounded_by, outcome, closing_words, closed_at,
                      closed_by, closed_post, closed_post_kind, choice_reason, due_stage, due_unit, due_at, soon_at)
select (select id from bench.tenant), c.id,
       'DA' || case c.kind when 'routine' then 'R' else 'K' end
           || '-' || to_char(c.at at time zone 'Asia/Shanghai', 'YYYYMMDD') || '-' || lpad(c.i::text, 7, '0') || '-0',
       c.kind, left(l.name || w.trouble, 60), l.name || w.trouble || '，社区处置后反复。', '社区组织人员处置两次，第二天又出现。',
       '连看三天，不再反复', l.id, l.level, l.code, false, s.stage,
       c.at + c.reached * c.pace, c.reached + 1, c.at, l.dispatcher, l.dispatcher_post,
       case when c.kind = 'routine' then c.at + c.pace / 2 end, case when c.kind = 'routine' then l.deputy end,
       case when c.kind = 'routine' then l.deputy_post end,
       c.at + c.pace / 2, case when c.kind = 'routine' then l.deputy else l.dispatcher end,
       case when c.reached = 7 then 'resolved'::whistle_outcome end, case when c.reached = 7 then '达到结案条件。' end,
       case when c.reached = 7 then c.at + 7 * c.pace end, case when c.reached = 7 then l.dispatcher end,
       case when c.reached = 7 then l.dispatcher_post end,
       case when c.reached = 7 then 'street_dispatcher'::post_kind end, '由这个部门管护。',
       s.due, case when c.reached < 7 then 'work_day'::duration_unit end,
       case when c.reached < 7 then c.at + interval '7 days' end, case when c.reached < 7 then c.at + interval '5 days' end
  from bench.calls c
  join bench.places l on l.n = c.place
  join bench.words w on w.n = c.words
  cross join lateral (select (array['sounded', 'sounded', 'sounded', 'checking', 'rating', 'closing', 'closed'])[c.reached]
                                 ::whistle_stage as stage,
                             (array['sign', 'report', 'close', 'check', 'rating', 'conclude', null])[c.reached]
                                 ::clock_stage as due) s
 order by c.at;

insert into whistle_matters (tenant_id, whistle_id, matter_id)
select (select id from bench.tenant), c.id, bench.id(c.filed_at, c.i, 0) from bench.calls c;

drop table if exists bench.asked;
create unlogged table bench.asked as
select c.*, bench.id(c.at, c.i, 60 + r.position) as assignment, r.role, r.position, d.id as department, d.post, d.person,
       d.name, d.seat
  from bench.calls c
  cross join lateral (values ('lead', 1, c.lead), ('assist', 2, c.assist)) r (role, position, n)
  join bench.departments d on d.n = r.n;
analyze bench.asked;

insert into assignments (tenant_id, id, whistle_id, department_id, role, position, ask, stage, waiting_since, version,
                         sent_at, signed_at, reported_at, report_way, arrived_at, report_who, report_agreed, fed_back_at,
                         result, due_stage, due_unit, due_at, soon_at)
select (select id from bench.tenant), a.assignment, a.id, a.department, a.role::assignment_role, a.position,
       '到现场处置，' || w.mended || '。',
       (array['sent', 'signed', 'reported', 'fed_back', 'passed', 'passed', 'passed'])[a.reached]::assignment_stage,
       a.at + least(a.reached, 5) * a.pace, least(a.reached, 5) + 1, a.at + a.pace / 2,
       case when a.reached >= 2 then a.at + 2 * a.pace end, case when a.reached >= 3 then a.at + 3 * a.pace end,
       case when a.reached >= 3 then 'on_site'::report_way end,
       case when a.reached >= 3 then a.at + 3 * a.pace - interval '5 minutes' end,
       case when a.reached >= 3 then a.name || '等 3 人' end, case when a.reached >= 3 then '到场核对，三天内办结。' end,
       case when a.reached >= 4 then a.at + 4 * a.pace end, case when a.reached >= 4 then w.mended || '。' end,
       (array['sign', 'report', 'close'])[a.reached]::clock_stage,
       case when a.reached < 4 then 'work_day'::duration_unit end,
       case when a.reached < 4 then a.at + interval '7 days' end, case when a.reached < 4 then a.at + interval '5 days' end
  from bench.asked a
  join bench.words w on w.n = a.words
 order by a.at;
