-- A version of the limits names the clause it stands on; the initial one, which the program brings,
-- names none.

alter table limit_versions add column document_id uuid;
alter table limit_versions add column clause integer;
alter table limit_versions add constraint limit_versions_cited
    foreign key (tenant_id, document_id, clause) references document_clauses (tenant_id, document_id, number);
alter table limit_versions add constraint limit_versions_cited_whole check ((document_id is null) = (clause is null));
comment on column limit_versions.document_id is 'The policy document whose clause the version stands on (依据).';
