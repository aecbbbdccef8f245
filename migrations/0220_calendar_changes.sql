-- The calendar and the limits are changed by people, and each change is an event. A day of a pasted
-- notice remembers what the notice says of it, so that a day of one's own can be taken back.

alter type event_subject add value if not exists 'calendar';
alter type event_subject add value if not exists 'limits';

alter table calendar_days add column notice_kind day_kind, add column notice_name text;
alter table calendar_days add constraint calendar_days_notice check ((notice_kind is null) = (notice_name is null)
    and notice_kind <> 'half' and char_length(notice_name) between 1 and 30);
comment on column calendar_days.notice_kind is 'What the notice that the tenant pasted says of the day; null if it says nothing.';
grant update (notice_kind, notice_name) on calendar_days to street_whistle_app;

-- A day is a tenant's own if it is not what its notice says.
create function calendar_of(p_tenant uuid, p_from date, p_to date) returns json
    language sql stable as $$
    select json_build_object(
        'mode', coalesce((select r.mode from calendar_rules r where r.tenant_id = p_tenant), 'dates'),
        'years', (select coalesce(json_agg(y.year), '[]') from (
                     select year from holiday_years
                      union select c.year from calendar_years c where c.tenant_id = p_tenant) y),
        'days', (select coalesce(json_agg(json_build_object('day', d.day, 'kind', d.kind, 'name', d.name, 'own', d.own)), '[]')
                   from (select h.day, h.kind, h.name, false as own from holidays h
                          where h.day between p_from and p_to
                            and not exists (select from calendar_days c where c.tenant_id = p_tenant and c.day = h.day)
                          union all
                         select c.day, c.kind, c.name,
                                (c.kind, c.name) is distinct from (c.notice_kind, c.notice_name) from calendar_days c
                          where c.tenant_id = p_tenant and c.day between p_from and p_to) d),
        'hours', (select coalesce(json_agg(json_build_object('name', o.name, 'from_day', o.from_day,
                         'season_from', o.season_from, 'season_to', o.season_to, 'sessions', o.sessions)
                         order by o.from_day desc, o.season_from desc), '[]')
                    from office_hours o where o.tenant_id = p_tenant))
$$;

-- As far around a day as the pages and the clocks look.
create function calendar_around(p_tenant uuid, p_day date) returns json
    language sql stable as $$ select calendar_of(p_tenant, p_day - 420, p_day + 420) $$;
