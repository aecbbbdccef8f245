-- What was filed to measure filing is over, solved in its grid, its clocks stopped; and no longer of today is that and every
-- life that was measured: set back over three hundred days, because no city files and closes hundreds within seconds.

create temporary table ended as
select m.id as matter, b.whistle_id as whistle, m.stage = 'filed' as filed,
       make_interval(days => 1 + (row_number() over (order by m.id))::integer % 300) as back
  from matters m
  left join whistle_matters b on b.tenant_id = m.tenant_id and b.matter_id = m.id
  left join whistles w on w.tenant_id = m.tenant_id and w.id = b.whistle_id
 where m.tenant_id = (select id from bench.tenant) and m.filed_at >= timestamptz '{since}'
   and (m.stage = 'filed' or w.stage = 'closed');

update clocks c set stopped_at = m.filed_at + interval '1 second', stop_reason = '办结', paused_at = null
  from ended e
  join matters m on m.tenant_id = (select id from bench.tenant) and m.id = e.matter
 where e.filed and c.tenant_id = m.tenant_id and c.matter_id = m.id and c.stopped_at is null;

update matters m set waiting_since = m.filed_at + interval '1 second', ended_at = m.filed_at + interval '1 second',
       stage = 'solved', solved_level = 'grid', solution = '已处置。', due_stage = null, due_unit = null, due_at = null,
       soon_at = null, version = m.version + 1
  from ended e
 where e.filed and m.tenant_id = (select id from bench.tenant) and m.id = e.matter;

update clocks c set started_at = c.started_at - e.back, due_at = c.due_at - e.back, soon_at = c.soon_at - e.back,
       stopped_at = c.stopped_at - e.back
  from ended e
 where c.tenant_id = (select id from bench.tenant) and (c.matter_id = e.matter or c.whistle_id = e.whistle);

update search_texts t set day = t.day - (extract(day from e.back))::integer
  from ended e
 where t.tenant_id = (select id from bench.tenant) and t.id in (e.matter, e.whistle);

-- What happened once: each table, and whose ids it names.
do $$
declare
    t record;
begin
    for t in values ('events', 'subject_id', 'whistle'), ('events', 'subject_id', 'matter'), ('matter_steps', 'matter_id', 'matter'),
                    ('assignment_steps', 'whistle_id', 'whistle'), ('checks', 'whistle_id', 'whistle'),
                    ('ratings', 'whistle_id', 'whistle') loop
        execute format('update %I x set at = x.at - e.back from ended e
                         where x.tenant_id = (select id from bench.tenant) and x.%I = e.%I', t.column1, t.column2, t.column3);
    end loop;
end $$;

update assignments a set waiting_since = a.waiting_since - e.back, sent_at = a.sent_at - e.back,
       signed_at = a.signed_at - e.back, reported_at = a.reported_at - e.back, arrived_at = a.arrived_at - e.back,
       fed_back_at = a.fed_back_at - e.back
  from ended e
 where a.tenant_id = (select id from bench.tenant) and a.whistle_id = e.whistle;

update whistles w set waiting_since = w.waiting_since - e.back, drafted_at = w.drafted_at - e.back,
       sounded_at = w.sounded_at - e.back, closed_at = w.closed_at - e.back
  from ended e
 where w.tenant_id = (select id from bench.tenant) and w.id = e.whistle;

update matters m set filed_at = m.filed_at - e.back, waiting_since = m.waiting_since - e.back, ended_at = m.ended_at - e.back
  from ended e
 where m.tenant_id = (select id from bench.tenant) and m.id = e.matter;

drop table ended;
