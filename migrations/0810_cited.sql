-- A version of the limits names the clause it stands on; the initial one, which the program brings,
-- names none.

alter table limit_versions add column document_id uuid;
alter table limit_versions add column clause integer;
alter table limit_versions add constraint limit_versions_cited
    foreign key (tenant_id, document_id, clause) references document_clauses (tenant_id, document_id, number);
alter table limit_versions add constraint limit_versions_cited_whole check ((document_id is null) = (clause is null));
comment on column limit_versions.document_id is 'The policy document whose clause the version stands on (依据).';

-- A clause as a rule cites it and a form offers it, as JSON; null if nothing is cited.
create function basis_json(p_tenant uuid, p_document uuid, p_clause integer) returns json
    language sql stable as $$
    select json_build_object('document', d.id, 'code', d.code, 'title', d.title,
                             'clause', json_build_object('number', c.number, 'words', c.words))
      from documents d
      join document_clauses c on c.tenant_id = p_tenant and c.document_id = d.id and c.number = p_clause
     where d.tenant_id = p_tenant and d.id = p_document
$$;
