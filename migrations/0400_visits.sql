-- The resident's word (回访): after a passed check the one who told a matter is asked, by the
-- city office or over a one-time link, never by anybody who handled or judged it. "Not solved"
-- sends the whistle back to the check; so does the same trouble in the same building.

-- A whistle that is reopened (重启) loses its closing facts and needs check and ratings anew.
do $$ begin
    alter table whistles add column reopened smallint not null default 0;
    alter table whistles add constraint whistles_reopened check (reopened >= 0
        and (reopened = 0 or sounded_at is not null));
    alter table ratings add column round smallint not null default 0;
    alter table ratings drop constraint ratings_side_key;
    alter table ratings add constraint ratings_side_key unique (tenant_id, assignment_id, side, round);
end $$;
grant update (reopened) on whistles to street_whistle_app;

create type visit_state as enum ('waiting', 'answered', 'unreachable', 'expired');
create type visit_answer as enum ('solved', 'partly', 'unsolved');
create type visit_feeling as enum ('satisfied', 'basically', 'unsatisfied');
create type visit_way as enum ('desk', 'link');

create table visits (
    tenant_id       uuid not null,
    id              uuid not null,
    whistle_id      uuid not null,
    matter_id       uuid not null,
    round           smallint not null,
    state           visit_state not null,
    version         integer not null default 1,
    asked_at        timestamptz not null,
    window_ends_at  timestamptz not null,
    ended_at        timestamptz,
    answer          visit_answer,
    feeling         visit_feeling,
    words           text,
    way             visit_way,
    person_id       uuid,
    post_id         uuid,
    post_kind       post_kind,
    constraint visits_pk primary key (tenant_id, id),
    constraint visits_whistle_key unique (tenant_id, whistle_id, id),
    constraint visits_round_key unique (tenant_id, whistle_id, matter_id, round),
    constraint visits_matter foreign key (tenant_id, whistle_id, matter_id)
        references whistle_matters (tenant_id, whistle_id, matter_id),
    constraint visits_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint visits_post foreign key (tenant_id, post_id, post_kind) references posts (tenant_id, id, kind),
    constraint visits_round check (round >= 1 and version >= 1),
    constraint visits_window check (window_ends_at > asked_at),
    constraint visits_ended check ((state = 'waiting') = (ended_at is null) and ended_at >= asked_at),
    constraint visits_answered check ((state = 'answered') = (answer is not null)
        and (state = 'answered') = (feeling is not null)
        and (state = 'answered') = (words is not null)
        and (state = 'answered') = (way is not null)),
    constraint visits_words check (char_length(words) <= 500),
    constraint visits_recorder check ((way is not distinct from 'desk'::visit_way) = (person_id is not null)
        and (person_id is null) = (post_id is null) and (person_id is null) = (post_kind is null)),
    constraint visits_neutral_desk check (post_kind = 'city_office')
);
comment on table visits is 'One asking of the resident who told a matter, after one passed check. Only the resident''s own word fills it.';
create unique index visits_one_waiting on visits (tenant_id, matter_id) where state = 'waiting';
create index visits_by_state on visits (tenant_id, state, id);
create index visits_answered_at on visits (tenant_id, ended_at) where state = 'answered';
select make_tenant_table('visits');
grant update (state, version, ended_at, answer, feeling, words, way, person_id, post_id, post_kind)
    on visits to street_whistle_app;

create table visit_tries (
    tenant_id   uuid not null,
    id          uuid not null,
    whistle_id  uuid not null,
    visit_id    uuid not null,
    number      smallint not null,
    reached     boolean not null,
    words       text not null,
    person_id   uuid not null,
    post_id     uuid not null,
    post_kind   post_kind not null,
    at          timestamptz not null,
    constraint visit_tries_pk primary key (tenant_id, id),
    constraint visit_tries_number_key unique (tenant_id, visit_id, number),
    constraint visit_tries_visit foreign key (tenant_id, whistle_id, visit_id)
        references visits (tenant_id, whistle_id, id),
    constraint visit_tries_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint visit_tries_post foreign key (tenant_id, post_id, post_kind) references posts (tenant_id, id, kind),
    constraint visit_tries_neutral_desk check (post_kind = 'city_office'),
    constraint visit_tries_range check (number between 1 and 3),
    constraint visit_tries_words check (char_length(words) <= 500)
);
comment on table visit_tries is 'One call of the desk, reached or not. Three that do not reach end the visit as 未接通.';
create index visit_tries_of_whistle on visit_tries (tenant_id, whistle_id, person_id);
select make_tenant_table('visit_tries');

create table visit_links (
    tenant_id     uuid not null,
    id            uuid not null,
    whistle_id    uuid not null,
    visit_id      uuid not null,
    token_digest  bytea not null,
    made_at       timestamptz not null,
    expires_at    timestamptz not null,
    used_at       timestamptz,
    person_id     uuid not null,
    post_id       uuid not null,
    post_kind     post_kind not null,
    constraint visit_links_pk primary key (tenant_id, id),
    constraint visit_links_token_key unique (tenant_id, token_digest),
    constraint visit_links_visit foreign key (tenant_id, whistle_id, visit_id)
        references visits (tenant_id, whistle_id, id),
    constraint visit_links_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint visit_links_post foreign key (tenant_id, post_id, post_kind) references posts (tenant_id, id, kind),
    constraint visit_links_neutral_desk check (post_kind = 'city_office'),
    constraint visit_links_digest check (octet_length(token_digest) = 32),
    constraint visit_links_times check (expires_at > made_at and used_at between made_at and expires_at)
);
comment on table visit_links is 'A one-time link for the resident; the token itself is only in the link.';
create index visit_links_of_visit on visit_links (tenant_id, visit_id);
select make_tenant_table('visit_links');
grant update (used_at) on visit_links to street_whistle_app;

create table reopenings (
    tenant_id      uuid not null,
    id             uuid not null,
    whistle_id     uuid not null,
    number         smallint not null,
    at             timestamptz not null,
    reason         text not null,
    stage          whistle_stage not null,
    closed_at      timestamptz,
    closed_by      uuid,
    outcome        whistle_outcome,
    closing_words  text,
    constraint reopenings_pk primary key (tenant_id, id),
    constraint reopenings_number_key unique (tenant_id, whistle_id, number),
    constraint reopenings_whistle foreign key (tenant_id, whistle_id) references whistles (tenant_id, id),
    constraint reopenings_closed_by foreign key (tenant_id, closed_by) references people (tenant_id, id),
    constraint reopenings_number check (number >= 1),
    constraint reopenings_stage check (stage in ('rating', 'closing', 'closed')
        and (stage = 'closed') = (closed_at is not null) and (stage = 'closed') = (closed_by is not null)
        and (stage = 'closed') = (outcome is not null)),
    constraint reopenings_reason check (char_length(reason) between 2 and 600)
);
comment on table reopenings is 'A whistle sent back to the check, from which stage and why, with the closing that no longer holds.';
select make_tenant_table('reopenings');

create table reopen_proposals (
    tenant_id   uuid not null,
    id          uuid not null,
    whistle_id  uuid not null,
    matter_id   uuid not null,
    at          timestamptz not null,
    decided_at  timestamptz,
    decided_by  uuid,
    accepted    boolean,
    reason      text,
    constraint reopen_proposals_pk primary key (tenant_id, id),
    constraint reopen_proposals_matter_key unique (tenant_id, whistle_id, matter_id),
    constraint reopen_proposals_whistle foreign key (tenant_id, whistle_id) references whistles (tenant_id, id),
    constraint reopen_proposals_matter foreign key (tenant_id, matter_id) references matters (tenant_id, id),
    constraint reopen_proposals_decided_by foreign key (tenant_id, decided_by) references people (tenant_id, id),
    constraint reopen_proposals_decided check ((decided_at is null) = (decided_by is null)
        and (decided_at is null) = (accepted is null)
        and (reason is not null) = (accepted is not distinct from false)),
    constraint reopen_proposals_reason check (char_length(reason) between 2 and 500)
);
comment on table reopen_proposals is 'The same trouble in the same building within 30 days after the close (复发): the street decides whether it reopens.';
create index reopen_proposals_open on reopen_proposals (tenant_id, whistle_id) where decided_at is null;
select make_tenant_table('reopen_proposals');
grant update (decided_at, decided_by, accepted, reason) on reopen_proposals to street_whistle_app;

-- Whether this person has asked the resident, or tried to.
create function has_visited(tenant uuid, whistle uuid, person uuid) returns boolean
    language sql stable as $$
    select exists (select from visit_tries t
                    where t.tenant_id = tenant and t.whistle_id = whistle and t.person_id = person)
        or exists (select from visit_links l
                    where l.tenant_id = tenant and l.whistle_id = whistle and l.person_id = person)
        or exists (select from visits v
                    where v.tenant_id = tenant and v.whistle_id = whistle and v.person_id = person)
$$;

-- A closing that was overtaken by a reopening was a judgement all the same.
create or replace function has_judged(tenant uuid, whistle uuid, person uuid, as_checker boolean) returns boolean
    language sql stable as $$
    select exists (select from checks c
                    where c.tenant_id = tenant and c.whistle_id = whistle and c.person_id = person)
        or (not as_checker and (
            exists (select from ratings r
                     where r.tenant_id = tenant and r.whistle_id = whistle and r.person_id = person)
            or exists (select from reopenings o
                        where o.tenant_id = tenant and o.whistle_id = whistle and o.closed_by = person)
            or exists (select from whistles w
                        where w.tenant_id = tenant and w.id = whistle and w.closed_by = person)))
$$;

-- Who found, handled or judged does not ask the resident; and the other way round.
create function visitor_is_neutral() returns trigger
    language plpgsql as $$
begin
    if new.person_id is null then
        return new;
    end if;
    perform see_what_others_did();
    perform 1 from whistles where tenant_id = new.tenant_id and id = new.whistle_id for no key update;
    if is_involved(new.tenant_id, new.whistle_id, new.person_id, true)
       or has_judged(new.tenant_id, new.whistle_id, new.person_id, false) then
        raise exception 'who handled or judged does not ask the resident'
            using errcode = 'check_violation', constraint = 'visitor_is_neutral';
    end if;
    return new;
end $$;
create trigger visit_tries_by_neutral before insert on visit_tries
    for each row execute function visitor_is_neutral();
create trigger visit_links_by_neutral before insert on visit_links
    for each row execute function visitor_is_neutral();
create trigger visits_by_neutral before update on visits
    for each row execute function visitor_is_neutral();

create function visitor_stays_neutral() returns trigger
    language plpgsql as $$
begin
    perform see_what_others_did();
    perform 1 from whistles where tenant_id = new.tenant_id and id = new.whistle_id for no key update;
    if has_visited(new.tenant_id, new.whistle_id, new.person_id) then
        raise exception 'who asked the resident neither handles nor judges'
            using errcode = 'check_violation', constraint = 'handler_never_judges';
    end if;
    return new;
end $$;
create trigger checks_not_by_visitor before insert on checks
    for each row execute function visitor_stays_neutral();
create trigger ratings_not_by_visitor before insert on ratings
    for each row execute function visitor_stays_neutral();
create trigger steps_not_by_visitor before insert on assignment_steps
    for each row execute function visitor_stays_neutral();

-- A visit begins as a question, and ends once: answered, or unreachable after three tries
-- that all failed, or overtaken.
create function visits_keep_order() returns trigger
    language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'waiting' then
            raise exception 'a visit begins as a question'
                using errcode = 'check_violation', constraint = 'visits_begin_waiting';
        end if;
    elsif old.state <> 'waiting' then
        raise exception 'a visit that has ended stays as it is'
            using errcode = 'check_violation', constraint = 'visits_ended_fixed';
    elsif new.state = 'unreachable'
        and (select count(*) from visit_tries t where t.tenant_id = new.tenant_id
                and t.visit_id = new.id and not t.reached) < 3 then
        raise exception 'not reached means three tries'
            using errcode = 'check_violation', constraint = 'visits_three_tries';
    end if;
    return new;
end $$;
create trigger visits_in_order before insert or update on visits
    for each row execute function visits_keep_order();

create function visit_tries_while_waiting() returns trigger
    language plpgsql as $$
begin
    if exists (select from visits v where v.tenant_id = new.tenant_id and v.id = new.visit_id
                  and v.state <> 'waiting') then
        raise exception 'nobody is called after the visit has ended'
            using errcode = 'check_violation', constraint = 'visits_ended_fixed';
    end if;
    return new;
end $$;
create trigger visit_tries_in_order before insert on visit_tries
    for each row execute function visit_tries_while_waiting();
create trigger visit_links_in_order before insert on visit_links
    for each row execute function visit_tries_while_waiting();

-- A rating belongs to the round in which the whistle stands.
create function ratings_keep_round() returns trigger
    language plpgsql as $$
begin
    if exists (select from whistles w where w.tenant_id = new.tenant_id and w.id = new.whistle_id
                  and w.reopened <> new.round) then
        raise exception 'a rating belongs to the present round'
            using errcode = 'check_violation', constraint = 'ratings_round';
    end if;
    return new;
end $$;
create trigger ratings_in_round before insert on ratings
    for each row execute function ratings_keep_round();

-- What waits for the neutral desk.
create function visits_waiting(p_tenant uuid, p_kind post_kind) returns setof visits
    language sql stable as $$
    select v.* from visits v
     where v.tenant_id = p_tenant and v.state = 'waiting' and p_kind = 'city_office'
$$;
