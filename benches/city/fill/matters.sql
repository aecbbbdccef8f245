-- The matters themselves.

insert into matters (tenant_id, id, number, class_code, title, detail, place_id, place_level, place_code, spot, urgent,
                     teller_name_mask, teller_phone_mask, filed_at, filed_by, filed_post, stage, waiting_since, ended_at,
                     solved_level, solution, reject_reason, version, due_stage, due_unit, due_at, soon_at,
                     class_version, condition)
select (select id from bench.tenant), bench.id(p.filed_at, p.i, 0),
       'DAS-' || to_char(p.filed_at at time zone 'Asia/Shanghai', 'YYYYMMDD') || '-' || lpad(p.i::text, 7, '0') || '-0',
       c.code, left(l.name || c.name || '：' || w.trouble, 60), l.name || w.trouble || '，请尽快处理。',
       l.id, l.level, l.code, w.spot, bench.pick(p.i, 11, 50) = 0,
       case when told then '张*' end, case when told then '129****' || lpad(bench.pick(p.i, 12, 10000)::text, 4, '0') end,
       p.filed_at, l.filer, l.filer_post, p.stage, coalesce(p.ended_at, p.filed_at + interval '20 minutes'), p.ended_at,
       p.level, case when p.stage = 'solved' then w.mended || '。' end,
       case when p.stage = 'rejected' then '不属于受理范围，已告知诉求人向有权单位反映。' end,
       case when p.level = 'grid' then 1 else 3 end,
       case when p.is_open then 'promise'::clock_stage end, case when p.is_open then 'work_day'::duration_unit end,
       case when p.is_open then p.filed_at + interval '7 days' end,
       case when p.is_open then p.filed_at + interval '5 days' end,
       case when accepted then c.version end, case when accepted then c.position end
  from bench.plan p
  join bench.places l on l.n = p.place
  join bench.classes c on c.n = p.class
  join bench.words w on w.n = p.words
  cross join lateral (select p.filed_at > timestamptz '{now}' - interval '300 days' and bench.pick(p.i, 10, 10) < 3 as told,
                             p.stage in ('accepted', 'raised', 'whistled')
                             or p.level in ('community', 'street', 'whistle') as accepted) x
 order by p.filed_at;
