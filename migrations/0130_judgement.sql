-- Check (核查), rating (评价) and close (办结), and the rule that stands above every
-- page: who found or handled never checks, who handled never rates or closes.

create type asking_side as enum ('street', 'community');

create table checks (
    tenant_id   uuid not null,
    id          uuid not null,
    whistle_id  uuid not null,
    round       smallint not null,
    passed      boolean not null,
    words       text not null,
    person_id   uuid not null,
    post_id     uuid not null,
    post_kind   post_kind not null,
    at          timestamptz not null,
    constraint checks_pk primary key (tenant_id, id),
    constraint checks_whistle_key unique (tenant_id, whistle_id, id),
    constraint checks_round_key unique (tenant_id, whistle_id, round),
    constraint checks_whistle foreign key (tenant_id, whistle_id) references whistles (tenant_id, id),
    constraint checks_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint checks_post foreign key (tenant_id, post_id, post_kind) references posts (tenant_id, id, kind),
    constraint checks_post_kind check (post_kind in ('street_checker', 'community_secretary', 'community_worker')),
    constraint checks_words check (char_length(words) <= 500 and (passed or char_length(btrim(words)) >= 2))
);
comment on table checks is 'One look on the spot after all departments have fed back. A failed one needs a reason.';
select make_tenant_table('checks');

create table check_reworks (
    tenant_id      uuid not null,
    whistle_id     uuid not null,
    check_id       uuid not null,
    assignment_id  uuid not null,
    constraint check_reworks_pk primary key (tenant_id, check_id, assignment_id),
    constraint check_reworks_check foreign key (tenant_id, whistle_id, check_id)
        references checks (tenant_id, whistle_id, id),
    constraint check_reworks_assignment foreign key (tenant_id, whistle_id, assignment_id)
        references assignments (tenant_id, whistle_id, id)
);
comment on table check_reworks is 'Which departments a failed check sent back to work (返工).';
select make_tenant_table('check_reworks');

create table ratings (
    tenant_id      uuid not null,
    id             uuid not null,
    whistle_id     uuid not null,
    assignment_id  uuid not null,
    side           asking_side not null,
    speed          smallint not null,
    attendance     smallint not null,
    result         smallint not null,
    attitude       smallint not null,
    cooperation    smallint not null,
    words          text not null,
    person_id      uuid not null,
    post_id        uuid not null,
    post_kind      post_kind not null,
    at             timestamptz not null,
    constraint ratings_pk primary key (tenant_id, id),
    constraint ratings_side_key unique (tenant_id, assignment_id, side),
    constraint ratings_assignment foreign key (tenant_id, whistle_id, assignment_id)
        references assignments (tenant_id, whistle_id, id),
    constraint ratings_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint ratings_post foreign key (tenant_id, post_id, post_kind) references posts (tenant_id, id, kind),
    constraint ratings_post_kind check (
        case side when 'street' then post_kind in ('street_dispatcher', 'street_deputy')
                  else post_kind in ('community_secretary', 'community_worker') end),
    constraint ratings_range check (least(speed, attendance, result, attitude, cooperation) >= 1
        and greatest(speed, attendance, result, attitude, cooperation) <= 5),
    constraint ratings_words check (char_length(words) <= 500
        and ((least(speed, attendance, result, attitude, cooperation) > 1
              and greatest(speed, attendance, result, attitude, cooperation) < 5)
             or char_length(btrim(words)) >= 2))
);
comment on table ratings is 'The street''s and the community''s mark for one department on one whistle, five points each; words at 1 and 5.';
create index ratings_of_whistle on ratings (tenant_id, whistle_id);
select make_tenant_table('ratings');

create table reviews (
    tenant_id      uuid not null,
    id             uuid not null,
    whistle_id     uuid not null,
    assignment_id  uuid not null,
    kind_right     boolean not null,
    facts_right    boolean not null,
    cooperation    smallint not null,
    words          text not null,
    person_id      uuid not null,
    post_id        uuid not null,
    at             timestamptz not null,
    constraint reviews_pk primary key (tenant_id, id),
    constraint reviews_assignment_key unique (tenant_id, assignment_id),
    constraint reviews_assignment foreign key (tenant_id, whistle_id, assignment_id)
        references assignments (tenant_id, whistle_id, id),
    constraint reviews_person foreign key (tenant_id, person_id) references people (tenant_id, id),
    constraint reviews_post foreign key (tenant_id, post_id) references posts (tenant_id, id),
    constraint reviews_range check (cooperation between 1 and 5),
    constraint reviews_words check (char_length(words) <= 500
        and ((cooperation between 2 and 4) or char_length(btrim(words)) >= 2))
);
comment on table reviews is 'What the department says of the whistle (反向评价): kind right, facts right, did the street co-operate.';
select make_tenant_table('reviews');

-- Whether this person handled the whistle for a department; with_finders: or found
-- one of its matters, or took measures on it.
create function is_involved(tenant uuid, whistle uuid, person uuid, with_finders boolean) returns boolean
    language sql stable as $$
    select exists (select from assignment_steps s
                    where s.tenant_id = tenant and s.whistle_id = whistle and s.person_id = person)
        or (with_finders and (
            exists (select from whistle_matters w
                      join matters m on m.tenant_id = w.tenant_id and m.id = w.matter_id
                     where w.tenant_id = tenant and w.whistle_id = whistle and m.filed_by = person)
            or exists (select from whistle_matters w
                         join matter_steps s on s.tenant_id = w.tenant_id and s.matter_id = w.matter_id
                        where w.tenant_id = tenant and w.whistle_id = whistle and s.person_id = person)))
$$;

-- Whether this person has judged the whistle; as_checker: only by checking it.
create function has_judged(tenant uuid, whistle uuid, person uuid, as_checker boolean) returns boolean
    language sql stable as $$
    select exists (select from checks c
                    where c.tenant_id = tenant and c.whistle_id = whistle and c.person_id = person)
        or (not as_checker and (
            exists (select from ratings r
                     where r.tenant_id = tenant and r.whistle_id = whistle and r.person_id = person)
            or exists (select from whistles w
                        where w.tenant_id = tenant and w.id = whistle and w.closed_by = person)))
$$;

-- The triggers lock the whistle's row first, so that an act and a judgement of one
-- person cannot pass each other in two transactions. Who waited for the lock must then
-- see what was done meanwhile, which only read committed does.
create function see_what_others_did() returns void
    language plpgsql as $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'acts and judgements are recorded under read committed'
            using errcode = 'check_violation', constraint = 'handler_never_judges';
    end if;
end $$;

create function handler_never_judges() returns trigger
    language plpgsql as $$
begin
    perform see_what_others_did();
    perform 1 from whistles where tenant_id = new.tenant_id and id = new.whistle_id for no key update;
    if is_involved(new.tenant_id, new.whistle_id, new.person_id, tg_argv[0]::boolean) then
        raise exception 'who found or handled does not judge'
            using errcode = 'check_violation', constraint = 'handler_never_judges';
    end if;
    return new;
end $$;
create trigger checks_by_others before insert on checks
    for each row execute function handler_never_judges('true');
create trigger ratings_by_others before insert on ratings
    for each row execute function handler_never_judges('false');

create function judge_never_handles() returns trigger
    language plpgsql as $$
begin
    perform see_what_others_did();
    perform 1 from whistles where tenant_id = new.tenant_id and id = new.whistle_id for no key update;
    if has_judged(new.tenant_id, new.whistle_id, new.person_id, false) then
        raise exception 'who judged does not handle'
            using errcode = 'check_violation', constraint = 'handler_never_judges';
    end if;
    return new;
end $$;
create trigger steps_by_others before insert on assignment_steps
    for each row execute function judge_never_handles();

create function checker_never_measures() returns trigger
    language plpgsql as $$
begin
    perform see_what_others_did();
    perform 1 from whistle_matters m
       join whistles w on w.tenant_id = m.tenant_id and w.id = m.whistle_id
      where m.tenant_id = new.tenant_id and m.matter_id = new.matter_id for no key update of w;
    if exists (select from whistle_matters m
                where m.tenant_id = new.tenant_id and m.matter_id = new.matter_id
                  and has_judged(new.tenant_id, m.whistle_id, new.person_id, true)) then
        raise exception 'who checked does not handle'
            using errcode = 'check_violation', constraint = 'handler_never_judges';
    end if;
    return new;
end $$;
create trigger matter_steps_by_others before insert on matter_steps
    for each row execute function checker_never_measures();

-- A matter cannot be slid behind a whistle that its finder has already checked.
create function finder_never_checked() returns trigger
    language plpgsql as $$
begin
    perform see_what_others_did();
    perform 1 from whistles where tenant_id = new.tenant_id and id = new.whistle_id for no key update;
    if exists (select from checks c where c.tenant_id = new.tenant_id and c.whistle_id = new.whistle_id
                  and is_involved(new.tenant_id, new.whistle_id, c.person_id, true)) then
        raise exception 'who found does not check'
            using errcode = 'check_violation', constraint = 'handler_never_judges';
    end if;
    return new;
end $$;
create trigger whistle_matters_by_others after insert on whistle_matters
    for each row execute function finder_never_checked();

-- Only a draft lets go of a matter: else a finder could step out and check.
create function whistle_matters_stay() returns trigger
    language plpgsql as $$
begin
    if exists (select from whistles w where w.tenant_id = old.tenant_id and w.id = old.whistle_id
                  and w.stage not in ('draft', 'requested')) then
        raise exception 'a matter stays behind its whistle'
            using errcode = 'check_violation', constraint = 'whistle_matters_stay';
    end if;
    return old;
end $$;
create trigger whistle_matters_removed before delete on whistle_matters
    for each row execute function whistle_matters_stay();

-- Sounding needs exactly one lead; closing needs a passed check as the last one, a
-- rating of every department by the street (and the community, if one asked), and a
-- closer who did not handle.
create function whistles_keep_order() returns trigger
    language plpgsql as $$
begin
    if new.sounded_at is not null and old.sounded_at is null
       and not exists (select from assignments a where a.tenant_id = new.tenant_id
                          and a.whistle_id = new.id and a.role = 'lead') then
        raise exception 'a whistle needs a lead department'
            using errcode = 'check_violation', constraint = 'whistles_need_lead';
    end if;
    if new.closed_at is not null and old.closed_at is null then
        perform see_what_others_did();
        if is_involved(new.tenant_id, new.id, new.closed_by, false) then
            raise exception 'who handled does not close'
                using errcode = 'check_violation', constraint = 'handler_never_judges';
        end if;
        if not coalesce((select c.passed from checks c
                          where c.tenant_id = new.tenant_id and c.whistle_id = new.id
                          order by c.round desc limit 1), false) then
            raise exception 'a whistle closes after a passed check'
                using errcode = 'check_violation', constraint = 'whistles_close_checked';
        end if;
        if exists (select from assignments a
                    where a.tenant_id = new.tenant_id and a.whistle_id = new.id
                      and (select count(*) from ratings r
                            where r.tenant_id = new.tenant_id and r.assignment_id = a.id)
                          -- Generated columns are not there yet, so not the community's code.
                          < case when new.place_level = 1 then 1 else 2 end) then
            raise exception 'a whistle closes after the ratings'
                using errcode = 'check_violation', constraint = 'whistles_close_rated';
        end if;
    elsif old.closed_at is not null then
        raise exception 'a closed whistle stays as it is'
            using errcode = 'check_violation', constraint = 'whistles_closed_fixed';
    end if;
    return new;
end $$;
create trigger whistles_in_order before update on whistles
    for each row execute function whistles_keep_order();

-- A whistle is born as a draft: no hand-written row can skip the way.
create function whistles_begin_as_draft() returns trigger
    language plpgsql as $$
begin
    if new.stage not in ('draft', 'requested') then
        raise exception 'a whistle begins as a draft'
            using errcode = 'check_violation', constraint = 'whistles_begin_as_draft';
    end if;
    return new;
end $$;
create trigger whistles_born before insert on whistles
    for each row execute function whistles_begin_as_draft();

-- Only a planned assignment may be taken out again.
create function assignments_stay() returns trigger
    language plpgsql as $$
begin
    if old.stage <> 'planned' then
        raise exception 'an assignment that was sent stays'
            using errcode = 'check_violation', constraint = 'assignments_stay';
    end if;
    return old;
end $$;
create trigger assignments_removed before delete on assignments
    for each row execute function assignments_stay();
