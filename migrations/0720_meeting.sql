-- A joint enforcement whistle names the time at which its departments meet (集合时间), and that is
-- when they report in. Kept on the way to sounding by a trigger, not by a check of the row: what
-- sounded before there was the field named no time, and none is made up for it.

alter table whistles add column meets_at timestamptz;
alter table whistles add constraint whistles_meeting check (meets_at is null or kind = 'joint_enforcement');
comment on column whistles.meets_at is 'When the departments of a joint enforcement whistle meet; null for other kinds, in drafts, and in what sounded before 0720.';
grant update (meets_at) on whistles to street_whistle_app;

create function whistles_keep_meeting() returns trigger
    language plpgsql as $$
begin
    if old.sounded_at is not null then
        if new.meets_at is distinct from old.meets_at then
            raise exception 'the meeting of a whistle that has sounded stays'
                using errcode = 'check_violation', constraint = 'whistles_meeting_fixed';
        end if;
    elsif new.sounded_at is not null and new.kind = 'joint_enforcement'
          and coalesce(new.meets_at <= new.sounded_at, true) then
        raise exception 'a joint enforcement whistle sounds before its meeting'
            using errcode = 'check_violation', constraint = 'whistles_meeting_ahead';
    end if;
    return new;
end $$;
create trigger whistles_meet before update on whistles for each row execute function whistles_keep_meeting();
