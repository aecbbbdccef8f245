-- Files with personal data in the clear (个人信息导出): somebody asks for one with a purpose, a second
-- person lets it be made, it is made anew each time it is fetched and never kept, and only until it
-- expires.

create table disclosures (
    tenant_id     uuid not null,
    id            uuid not null,
    kind          text collate "C" not null,
    reach_code    text collate "C" not null,
    from_day      date,
    to_day        date,
    purpose       text collate "C" not null,
    words         text not null,
    amount        integer not null,
    asked_at      timestamptz not null,
    asked_by      uuid not null,
    asked_post    uuid not null,
    asked_kind    post_kind not null,
    decided_at    timestamptz,
    decided_by    uuid,
    decided_post  uuid,
    decided_kind  post_kind,
    is_granted    boolean,
    reason        text,
    expires_at    timestamptz,
    taken         smallint not null default 0,
    constraint disclosures_pk primary key (tenant_id, id),
    constraint disclosures_asked_by foreign key (tenant_id, asked_by) references people (tenant_id, id),
    constraint disclosures_asked_post foreign key (tenant_id, asked_post, asked_kind)
        references posts (tenant_id, id, kind),
    constraint disclosures_decided_by foreign key (tenant_id, decided_by) references people (tenant_id, id),
    constraint disclosures_decided_post foreign key (tenant_id, decided_post, decided_kind)
        references posts (tenant_id, id, kind),
    constraint disclosures_kind check (kind in ('tellers', 'numbers')),
    constraint disclosures_span check ((kind = 'tellers') = (from_day is not null)
        and (kind = 'tellers') = (to_day is not null) and (from_day is null or to_day between from_day and from_day + 366)),
    constraint disclosures_words check (char_length(words) between 5 and 200 and char_length(reason) between 2 and 200),
    constraint disclosures_amount check (amount between 1 and 2000 and taken between 0 and 100),
    constraint disclosures_second_person check (decided_by <> asked_by),
    -- Over residents the street decides, over the numbers of staff the security administrator.
    constraint disclosures_decider check (case when kind = 'tellers'
        then decided_kind in ('street_secretary', 'street_deputy') else decided_kind = 'security_admin' end),
    constraint disclosures_decided check ((decided_at is null) = (decided_by is null)
        and (decided_at is null) = (decided_post is null) and (decided_at is null) = (decided_kind is null)
        and (decided_at is null) = (is_granted is null) and (expires_at is not null) = coalesce(is_granted, false)
        and (reason is not null) = coalesce(not is_granted, false)),
    constraint disclosures_taken check (taken = 0 or coalesce(is_granted, false))
);
comment on table disclosures is 'One file with personal data that was asked for: what, for what, who let it be made, until when it can be fetched, how often it was.';
create index disclosures_asked on disclosures (tenant_id, asked_by, id);
create index disclosures_in_reach on disclosures (tenant_id, reach_code, id);
select make_tenant_table('disclosures');
grant update (decided_at, decided_by, decided_post, decided_kind, is_granted, reason, expires_at, taken)
    on disclosures to street_whistle_app;
