-- Reply phrases (常用语): sentences that belong to a step of the work and are put before what somebody
-- types there. A change is a new version with the day from which it holds; what was written stays.

alter type event_subject add value 'phrase';
alter type import_register add value 'phrases';

create type phrase_step as enum ('reject', 'raise', 'send_back', 'refuse', 'feed_back', 'check_failed', 'close', 'unreached',
                                 'supervise');

create table phrases (
    tenant_id  uuid not null,
    id         uuid not null,
    number     integer not null,
    step       phrase_step not null,
    constraint phrases_pk primary key (tenant_id, id),
    constraint phrases_number_key unique (tenant_id, number),
    constraint phrases_tenant foreign key (tenant_id) references tenants (id),
    constraint phrases_number check (number between 1 and 9999)
);
comment on table phrases is 'A phrase of a step; what it says is its newest version that has begun.';
create index phrases_of_step on phrases (tenant_id, step);
select make_tenant_table('phrases');

create table phrase_versions (
    tenant_id  uuid not null,
    phrase_id  uuid not null,
    version    integer not null,
    text       text not null,
    position   smallint not null,
    is_used    boolean not null,
    from_day   date not null,
    set_at     timestamptz not null,
    set_by     uuid,
    set_post   uuid,
    constraint phrase_versions_pk primary key (tenant_id, phrase_id, version),
    constraint phrase_versions_phrase foreign key (tenant_id, phrase_id) references phrases (tenant_id, id),
    constraint phrase_versions_set_by foreign key (tenant_id, set_by) references people (tenant_id, id),
    constraint phrase_versions_set_post foreign key (tenant_id, set_post) references posts (tenant_id, id),
    constraint phrase_versions_hand check ((set_by is null) = (set_post is null)),
    constraint phrase_versions_text check (char_length(text) between 4 and 100 and text !~ '[[:cntrl:]]'),
    constraint phrase_versions_position check (position between 1 and 999 and version >= 1)
);
comment on table phrase_versions is 'What a phrase says from a day on, and whether it is in use. Of several that have begun, the highest counts.';
comment on column phrase_versions.set_by is 'Nobody: it came with the program.';
select make_tenant_table('phrase_versions');

-- The phrases that some steps offer on a day, in their order: an object of lists by step. It stands in the
-- statements of the forms, so that a form costs no round trip more.
create function phrases_json(p_tenant uuid, p_steps phrase_step[], p_day date) returns json
    language sql stable as $$
    select coalesce(json_object_agg(s.step, s.texts), '{}'::json)
      from (select p.step, json_agg(v.text order by v.position, p.number) as texts
              from phrases p
              cross join lateral (select x.text, x.position, x.is_used from phrase_versions x
                                   where x.tenant_id = p_tenant and x.phrase_id = p.id and x.from_day <= p_day
                                   order by x.version desc limit 1) v
             where p.tenant_id = p_tenant and p.step = any (p_steps) and v.is_used
             group by p.step) s
$$;
comment on function phrases_json(uuid, phrase_step[], date) is 'The phrases of some steps on a day, as JSON.';

-- What a city begins with.
create function start_phrases() returns table (number integer, step phrase_step, text text)
    language sql immutable as $$
    select s.number, s.step::phrase_step, s.text
      from (values
        (1, 'reject', '经核实，所反映事项不属于受理范围，已向诉求人说明。'),
        (2, 'reject', '经核实，所反映事项与正在办理的事项重复，已告知诉求人在办事项的编号。'),
        (3, 'reject', '所反映事项应当通过诉讼、仲裁、行政复议等法定途径解决，已告知诉求人向有权机关提出。'),
        (4, 'raise', '经社区现场核实，所反映事项超出社区的职责和处置能力，需街道协调解决。'),
        (5, 'raise', '社区已上门劝导、协调，当事人仍不整改，需街道组织处置。'),
        (6, 'raise', '所反映事项存在安全隐患，社区已先行设置警示，需街道组织处置。'),
        (7, 'send_back', '所反映事项属于社区职责范围，请社区按职责先行处置。'),
        (8, 'send_back', '上报前没有到现场核实，请社区核实情况后再报。'),
        (9, 'send_back', '情况写得不够清楚，请补充地点、涉及户数和已采取的措施。'),
        (10, 'refuse', '所需工作街道能够自行完成，请先行处置，确有需要再吹哨。'),
        (11, 'refuse', '拟定的主办部门与权责清单不一致，请核对后重新报送。'),
        (12, 'refuse', '自行处置情况写得不够清楚，请补充已采取的措施和结果。'),
        (13, 'feed_back', '已派人到现场处置完毕，现场已清理，恢复正常使用。'),
        (14, 'feed_back', '已向责任单位下达整改通知，责任单位已按要求整改到位。'),
        (15, 'feed_back', '问题已消除，已纳入日常巡查，防止反弹。'),
        (16, 'check_failed', '现场核查，所反映问题没有完全解决，请继续办理。'),
        (17, 'check_failed', '现场核查，处置后出现反弹，请查明原因，重新处置。'),
        (18, 'check_failed', '现场核查，作业后没有清理，影响居民出行，请尽快恢复。'),
        (19, 'close', '经核查，所反映问题已解决，予以办结。'),
        (20, 'close', '经核查，所反映问题已解决，处理结果已告知诉求人。'),
        (21, 'unreached', '拨打后无人接听。'),
        (22, 'unreached', '拨打后对方正在通话或者已关机。'),
        (23, 'unreached', '提示为空号或者停机。'),
        (24, 'supervise', '该事项已临近办理时限，请抓紧办理，按时反馈结果。'),
        (25, 'supervise', '该事项已超过办理时限，请说明原因，明确完成时间，尽快办结。'),
        (26, 'supervise', '群众反映仍未解决，请负责人到现场督促办理。')) as s (number, step, text)
$$;

create function furnish_phrases(p_tenant uuid, p_now timestamptz) returns void
    language plpgsql as $$
begin
    insert into phrases (tenant_id, id, number, step)
    select p_tenant, md5(p_tenant::text || 'phrase' || s.number)::uuid, s.number, s.step from start_phrases() s;
    insert into phrase_versions (tenant_id, phrase_id, version, text, position, is_used, from_day, set_at)
    select p_tenant, md5(p_tenant::text || 'phrase' || s.number)::uuid, 1, s.text, 10 * row_number() over (
               partition by s.step order by s.number), true, '2020-01-01', p_now
      from start_phrases() s;
end $$;
revoke execute on function furnish_phrases(uuid, timestamptz) from public;
select furnish_phrases(id, created_at) from tenants;
