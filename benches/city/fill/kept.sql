-- What the triggers keep beside the facts: the texts that are searched. The days of the figures are
-- counted afterwards, all of them anew.

insert into search_texts (tenant_id, id, kind, words, place, day, called)
select m.tenant_id, m.id, 'matter',
       search_text(concat_ws(e'\n', m.number, m.title, m.spot, m.detail, h.called)), m.place_code,
       (m.filed_at at time zone 'Asia/Shanghai')::date, '{}'
  from bench.plan p
  join bench.places l on l.n = p.place
  join matters m on m.tenant_id = (select id from bench.tenant) and m.id = bench.id(p.filed_at, p.i, 0)
  join (select l.n, search_house((select id from bench.tenant), l.code) as called from bench.places l) h on h.n = l.n
 order by m.id;

select count(search_keep_whistle((select id from bench.tenant), c.id)) from bench.calls c;

delete from figure_changes where tenant_id = (select id from bench.tenant);
delete from figure_runs where tenant_id = (select id from bench.tenant);
delete from figure_months where tenant_id = (select id from bench.tenant);
delete from figure_days where tenant_id = (select id from bench.tenant);
