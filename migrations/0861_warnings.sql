-- What warnings (预警提示) of the assessment look at besides the cases: the whistles that each street
-- blew in a span of time, and what came again after it was closed.

create function warned_json(p_tenant uuid, p_from timestamptz, p_to timestamptz) returns json
    language sql stable as $$
    select json_build_object(
        'streets', (select coalesce(json_agg(json_build_object('name', s.name,
                           'whistles', (select coalesce(json_agg(json_build_object('whistle', w.id, 'number', w.number,
                                               'title', w.title, 'at', w.sounded_at) order by w.sounded_at, w.id), '[]')
                                          from whistles w
                                         where w.tenant_id = p_tenant and w.street_code = s.code
                                           and w.sounded_at >= p_from and w.sounded_at < p_to)) order by s.code), '[]')
                      from nodes s where s.tenant_id = p_tenant and s.level = 1),
        'repeats', (select coalesce(json_agg(json_build_object('whistle', w.id, 'number', w.number, 'title', w.title,
                           'street', s.name, 'department', d.name, 'at', r.at) order by r.at, r.id), '[]')
                      from reopen_proposals r
                      join whistles w on w.tenant_id = p_tenant and w.id = r.whistle_id
                      join nodes s on s.tenant_id = p_tenant and s.code = w.street_code
                      join assignments a on a.tenant_id = p_tenant and a.whistle_id = w.id and a.role = 'lead'
                       and a.stage <> 'relieved'
                      join departments d on d.tenant_id = p_tenant and d.id = a.department_id
                     where r.tenant_id = p_tenant and r.at >= p_from and r.at < p_to))
$$;

-- Recurrences are looked up by when they were proposed.
do $$ begin
    create index reopen_proposals_at on reopen_proposals (tenant_id, at);
end $$;
