-- A seat on a panel is written as everywhere else, with a dot between the street and the post.

create or replace function objection_panel_json(p_tenant uuid, p_objection uuid) returns json
    language sql stable as $$
    select coalesce(json_agg(json_build_object('post', m.post_id, 'seat', coalesce(n.name || '·', '') || o.title,
                                               'voted_at', m.voted_at, 'voter', y.name, 'upholds', m.upholds,
                                               'words', m.words) order by m.position), '[]')
      from objection_members m
      join posts o on o.tenant_id = p_tenant and o.id = m.post_id
      left join nodes n on n.tenant_id = p_tenant and n.id = o.node_id
      left join people y on y.tenant_id = p_tenant and y.id = m.voted_by
     where m.tenant_id = p_tenant and m.objection_id = p_objection
$$;
