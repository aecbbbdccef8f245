-- Notices (消息): what a post is told, and the mails by which its holders hear of it. A notice
-- belongs to the post, as the work does; a delivery belongs to a person with an address.

create type notice_class as enum ('step', 'limit', 'danger');

create table notices (
    tenant_id  uuid not null,
    id         uuid not null,
    post_id    uuid not null,
    at         timestamptz not null,
    class      notice_class not null,
    verb       text collate "C" not null,
    title      text not null,
    words      text not null,
    link       text not null,
    ask        text not null,
    read_at    timestamptz,
    read_by    uuid,
    constraint notices_pk primary key (tenant_id, id),
    constraint notices_post foreign key (tenant_id, post_id) references posts (tenant_id, id),
    constraint notices_read_by foreign key (tenant_id, read_by) references people (tenant_id, id),
    constraint notices_read check ((read_at is null) = (read_by is null)),
    constraint notices_verb_form check (verb ~ '^[a-z_]+$'),
    constraint notices_texts check (char_length(title) between 1 and 120 and char_length(words) <= 300
        and char_length(ask) <= 10),
    constraint notices_link_form check (link ~ '^/[^/]' and char_length(link) <= 200)
);
comment on table notices is 'What a post was told: what was done, on what, and what is asked of the post, if anything.';
create index notices_unread on notices (tenant_id, post_id, id) where read_at is null;
create index notices_seen on notices (tenant_id, post_id, id) where read_at is not null;
select make_tenant_table('notices');
grant update (read_at, read_by) on notices to street_whistle_app;

do $$ begin
    alter table people add column mail text;
    alter table people add constraint people_mail_form
        check (mail ~ '^[^@[:space:]]+@[^@[:space:]]+$' and char_length(mail) <= 100);
end $$;
grant update (mail) on people to street_whistle_app;

create type mail_choice as enum ('at_once', 'digest', 'none');

create table notice_wishes (
    tenant_id   uuid not null,
    person_id   uuid not null,
    steps       mail_choice not null,
    quiet_from  smallint,
    quiet_to    smallint,
    constraint notice_wishes_pk primary key (tenant_id, person_id),
    constraint notice_wishes_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint notice_wishes_quiet check ((quiet_from is null) = (quiet_to is null)
        and quiet_from between 0 and 1439 and quiet_to between 0 and 1439 and quiet_from <> quiet_to)
);
comment on table notice_wishes is 'How a person wants step notices by mail, and the minutes of the day between which none is sent. Limits and dangers are always mailed at once.';
select make_tenant_table('notice_wishes');
grant update (steps, quiet_from, quiet_to) on notice_wishes to street_whistle_app;

create type delivery_kind as enum ('at_once', 'digest');
create type delivery_state as enum ('waiting', 'sent', 'failed');

create table deliveries (
    tenant_id   uuid not null,
    id          uuid not null,
    notice_id   uuid,
    person_id   uuid not null,
    address     text not null,
    kind        delivery_kind not null,
    subject     text not null,
    body        text not null,
    at          timestamptz not null,
    due_at      timestamptz not null,
    state       delivery_state not null default 'waiting',
    tries       integer not null default 0,
    last_error  text,
    ended_at    timestamptz,
    constraint deliveries_pk primary key (tenant_id, id),
    constraint deliveries_notice foreign key (tenant_id, notice_id) references notices (tenant_id, id),
    constraint deliveries_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint deliveries_kinds check ((kind = 'at_once') = (notice_id is not null)),
    constraint deliveries_ended check ((state = 'waiting') = (ended_at is null)),
    constraint deliveries_failed check (state <> 'failed' or last_error is not null),
    constraint deliveries_tries check (tries >= 0)
);
comment on table deliveries is 'One mail to one person: what it says, when it is due, how often it was tried, how that ended.';
create index deliveries_open on deliveries (tenant_id, state, id) where state <> 'sent';
create index deliveries_of_person on deliveries (tenant_id, person_id, id);
select make_tenant_table('deliveries');
grant update (due_at, state, tries, last_error, ended_at) on deliveries to street_whistle_app;
