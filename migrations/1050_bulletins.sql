-- Monthly bulletins (通报): what the figures of a month were when the city's office put it out. The words
-- and tables stay as they were printed, whatever is corrected in the records afterwards.

alter type event_subject add value 'bulletin';

create table bulletins (
    tenant_id    uuid not null,
    id           uuid not null,
    month        date not null,
    year         smallint not null,
    number       smallint not null,
    content      text not null,
    digest       text not null,
    issued_at    timestamptz not null,
    issued_by    uuid not null,
    issued_post  uuid not null,
    constraint bulletins_pk primary key (tenant_id, id),
    constraint bulletins_tenant foreign key (tenant_id) references tenants (id),
    constraint bulletins_issued_by foreign key (tenant_id, issued_by) references people (tenant_id, id),
    constraint bulletins_issued_post foreign key (tenant_id, issued_post) references posts (tenant_id, id),
    constraint bulletins_month_key unique (tenant_id, month),
    constraint bulletins_number_key unique (tenant_id, year, number),
    constraint bulletins_month check (extract(day from month) = 1),
    constraint bulletins_over check (month + interval '1 month' <= (issued_at at time zone 'Asia/Shanghai')),
    constraint bulletins_number check (number >= 1),
    constraint bulletins_digest check (digest ~ '^[0-9a-f]{64}$')
);
comment on table bulletins is 'A month as it was put out: content is the letter in words and tables, digest its SHA-256.';
select make_tenant_table('bulletins');
