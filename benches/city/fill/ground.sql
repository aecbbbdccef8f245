-- What the history is made from: the ground of the sample city with who works on it. Made once.

create schema bench;

create table bench.tenant as select id from tenants where code = '{code}';

-- A number below `p_below` that is the same each time for the same row and purpose.
create function bench.pick(p_row bigint, p_what int, p_below int) returns int
    language sql immutable as $$
    select ((hashint8extended(p_row, p_what) & 9223372036854775807) % p_below)::int
$$;

-- An id of an instant, as the program makes them: they sort by time.
create function bench.id(p_at timestamptz, p_row bigint, p_what int) returns uuid
    language sql immutable as $$
    select overlay(overlay(overlay(md5(p_row::text || '-' || p_what::text)
               placing lpad(to_hex(epoch_us(p_at) / 1000), 12, '0') from 1 for 12)
               placing '7' from 13 for 1) placing '8' from 17 for 1)::uuid
$$;

-- Who holds which post today.
create table bench.seats as
select distinct on (o.id) o.id as post, o.kind, m.person_id as person, p.name, n.code as node_code,
       o.department_id, coalesce(n.name, d.name, '大安市') as seat
  from posts o
  join appointments m on m.tenant_id = o.tenant_id and m.post_id = o.id
       and m.from_day <= current_date and (m.to_day is null or m.to_day > current_date)
  join people p on p.tenant_id = o.tenant_id and p.id = m.person_id
  left join nodes n on n.tenant_id = o.tenant_id and n.id = o.node_id
  left join departments d on d.tenant_id = o.tenant_id and d.id = o.department_id
 where o.tenant_id = (select id from bench.tenant)
 order by o.id, m.from_day desc;
create index on bench.seats (kind, node_code);

-- Where matters are found, with whom they meet on the way.
create table bench.places as
select row_number() over (order by n.code) - 1 as n, n.id, n.level, n.code, n.name,
       f.post as filer_post, f.person as filer, f.name as filer_name, f.seat as filer_seat,
       c.post as secretary_post, c.person as secretary, c.name as secretary_name, c.seat as secretary_seat,
       d.post as dispatcher_post, d.person as dispatcher, d.name as dispatcher_name, d.seat as dispatcher_seat,
       v.post as deputy_post, v.person as deputy,
       k.post as checker_post, k.person as checker, k.name as checker_name
  from nodes n
  join bench.seats f on f.kind = 'grid_chief' and f.node_code = left(n.code, 15)
  join bench.seats c on c.kind = 'community_secretary' and c.node_code = left(n.code, 12)
  join bench.seats d on d.kind = 'street_dispatcher' and d.node_code = left(n.code, 9)
  join bench.seats v on v.kind = 'street_deputy' and v.node_code = left(n.code, 9)
  join bench.seats k on k.kind = 'street_checker' and k.node_code = left(n.code, 9)
 where n.tenant_id = (select id from bench.tenant) and n.level between 3 and 5 and n.valid_to is null
   and f.person <> c.person and f.person <> k.person and c.person <> k.person;
create unique index on bench.places (n);

-- The classes in use, with a condition under which they are accepted where they have one.
create table bench.classes as
select row_number() over (order by c.code) - 1 as n, c.code, c.name, k.version, k.position
  from classes_on((select id from bench.tenant), current_date) c
  left join class_conditions k on k.tenant_id = (select id from bench.tenant) and k.class_code = c.code
       and k.version = c.version and k.position = 1
 where c.in_use;
create unique index on bench.classes (n);

create table bench.departments as
select row_number() over (order by s.department_id) - 1 as n, s.department_id as id, s.post, s.person, s.name, s.seat
  from bench.seats s where s.kind = 'department_clerk';
create unique index on bench.departments (n);

create table bench.words (n int primary key, trouble text not null, mended text not null, spot text not null);
insert into bench.words
select ordinality - 1, split_part(w, '|', 1), split_part(w, '|', 2), split_part(w, '|', 3)
  from unnest(array[
    '井盖松动，车一压就响|更换井盖，加垫圈|楼前检修井', '污水从井口外溢，味道很大|疏通管道，清洗路面|单元门口',
    '路灯不亮，晚上看不见路|更换灯头，当晚亮灯|小区东侧路灯', '垃圾没有及时清运|联系清运，加一班车|垃圾分类点',
    '占道经营，行人绕行|劝离摊位，划线管理|路口北侧', '雨水口堵塞，一下雨就积水|清掏雨水口三处|路边雨水口',
    '楼道堆放杂物，堵住通道|清走杂物，张贴提示|二层楼道', '健身器材螺丝松动|紧固螺丝，贴检修单|小广场',
    '暖气不热，老人怕冷|排气调阀，室温达标|三单元', '绿化带树枝刮到窗户|修剪树枝，清走枝叶|西山墙',
    '电动车飞线充电|拆除飞线，劝到充电棚|一单元门前', '道路坑洼，骑车颠簸|填补坑洼，压实找平|主路中段',
    '围墙开裂，怕倒|设警戒线，拆除重砌|北围墙', '消防通道被车占住|联系车主挪车，补画标线|消防通道',
    '噪声扰民，夜里睡不着|上门劝导，约定停工时间|临街门市', '单元门关不严，陌生人随意进出|调整闭门器|单元门',
    '楼顶漏水，墙皮脱落|补做防水，两场雨后不漏|顶楼住户', '自来水压力小，高层用不上|检修加压泵，水压恢复|泵房',
    '流浪狗出没，孩子害怕|联系捕犬队，劝导登记|幼儿园门口', '广告牌松动，刮风乱响|拆除加固，清走碎片|门市上方'
  ]) with ordinality as u (w, ordinality);

-- The rows that are to be added; filled anew for each size.
create unlogged table bench.plan (
    i bigint not null, is_open boolean not null, by_whistle boolean not null, stage matter_stage not null,
    level solved_level, filed_at timestamptz not null, ended_at timestamptz, place bigint not null,
    class bigint not null, words int not null
);
