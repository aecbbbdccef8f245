-- Which matters are added from one size to the next: spread over three years, `{open}` of them open
-- and filed within two days, one of a hundred behind a whistle.

truncate bench.plan;
insert into bench.plan
select i, is_open, by_whistle,
       case when is_open then (case when by_whistle then 'whistled' when s < 45 then 'filed'
                                    when s < 80 then 'accepted' else 'raised' end)
            when by_whistle then 'solved' when s < 3 then 'rejected' else 'solved' end::matter_stage,
       case when is_open or (s < 3 and not by_whistle) then null when by_whistle then 'whistle'
            when s < 58 then 'grid' when s < 88 then 'community' else 'street' end::solved_level,
       filed_at,
       case when not is_open then least(filed_at + case when by_whistle then interval '6 days 1 hour'
            else (1 + bench.pick(i, 6, 60)) * interval '1 hour' end, timestamptz '{now}' - interval '1 hour') end,
       bench.pick(i, 1, (select count(*)::int from bench.places)),
       bench.pick(i, 2, (select count(*)::int from bench.classes)),
       bench.pick(i, 3, (select count(*)::int from bench.words))
  from (select i, is_open, bench.pick(i, 7, 100) < case when is_open then 10 else 1 end as by_whistle,
               bench.pick(i, 4, 100) as s,
               timestamptz '{now}' - case when is_open
                   then interval '2 hours' + bench.pick(i, 5, 2760) * interval '1 minute'
                   else interval '8 days' + bench.pick(i, 5, 94000000) * interval '1 second' end as filed_at
          from (select i, i % ({rows} / {open}) = 0 as is_open
                  from generate_series({from} + 1, {from} + {rows}) i) a) b;
analyze bench.plan;
