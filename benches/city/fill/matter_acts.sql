-- What was done about them: own work, the promise's clock, and one event for each act.

insert into matter_steps (tenant_id, id, matter_id, person_id, post_id, at, words)
select (select id from bench.tenant), bench.id(at, p.i, 20), bench.id(p.filed_at, p.i, 0),
       case when p.level = 'grid' then l.filer else l.secretary end,
       case when p.level = 'grid' then l.filer_post else l.secretary_post end, at, w.mended || '。'
  from bench.plan p
  join bench.places l on l.n = p.place
  join bench.words w on w.n = p.words
  cross join lateral (select p.filed_at + interval '40 minutes' as at) x
 where p.stage in ('solved', 'raised', 'whistled')
 order by at;

insert into clocks (tenant_id, id, matter_id, stage, amount, unit, started_at, due_at, soon_at, stopped_at, stop_reason)
select (select id from bench.tenant), bench.id(p.filed_at, p.i, 21), bench.id(p.filed_at, p.i, 0), 'promise', 5,
       'work_day', p.filed_at, p.filed_at + interval '7 days', p.filed_at + interval '5 days', p.ended_at,
       case p.stage when 'solved' then '解决' when 'rejected' then '不予受理' end
  from bench.plan p
 order by p.filed_at;

insert into events (tenant_id, id, at, subject, subject_id, verb, person_id, person_name, post_id, seat, sentence)
select (select id from bench.tenant), bench.id(e.at, p.i, 30 + e.n), e.at, 'matter', bench.id(p.filed_at, p.i, 0), e.verb,
       case when e.by_grid then l.filer else l.secretary end, case when e.by_grid then l.filer_name else l.secretary_name end,
       case when e.by_grid then l.filer_post else l.secretary_post end,
       case when e.by_grid then l.filer_seat else l.secretary_seat end, e.sentence
  from bench.plan p
  join bench.places l on l.n = p.place
  join bench.words w on w.n = p.words
  cross join lateral (values
      (1, 'file', p.filed_at, true, l.name || w.trouble || '，请尽快处理。'),
      (2, case when p.stage = 'filed' or p.level = 'grid' or p.stage = 'rejected' then null else 'accept' end,
       p.filed_at + interval '20 minutes', false, ''),
      (3, case when p.stage in ('solved', 'raised', 'whistled') then 'measure' end,
       p.filed_at + interval '40 minutes', p.level = 'grid', w.mended || '。'),
      (4, case when p.stage in ('raised', 'whistled') or p.level in ('street', 'whistle') then 'raise' end,
       p.filed_at + interval '50 minutes', false, '社区没有设备，请街道协调。'),
      (5, case when p.stage = 'solved' then 'solve' when p.stage = 'rejected' then 'reject' end,
       p.ended_at, p.level = 'grid', w.mended || '。')) e (n, verb, at, by_grid, sentence)
 where e.verb is not null
 order by e.at;
