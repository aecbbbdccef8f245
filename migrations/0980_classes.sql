-- Classes as a register (类别登记): each city has its own, furnished from the shipped start set. What a
-- class is (code, family, major) never changes and its code is never given again; what may change is
-- kept in versions, each from a day on. The newest version whose day has come holds.

alter type event_subject add value 'class';

-- What was a list for all cities is what a new city begins with.
do $$ begin
    alter table matter_classes rename to start_classes;
    alter table matters drop constraint matters_class;
    alter table class_limits drop constraint class_limits_class;
    alter table duty_classes drop constraint duty_classes_class;
end $$;
comment on table start_classes is 'The classes that a new city begins with: code, family, major class (大类), name (小类).';

create table start_conditions (
    class_code  text collate "C" not null,
    position    smallint not null,
    filing      text not null,
    closing     text not null,
    constraint start_conditions_pk primary key (class_code, position),
    constraint start_conditions_class foreign key (class_code) references start_classes (code)
);
comment on table start_conditions is 'Conditions of filing and closing that a new city begins with: written in the manner of such registers, no text of a standard; each city edits its own.';
insert into start_conditions (class_code, position, filing, closing) values
    ('01-01', 1, '正在搭建或者扩建，没有规划许可', '已停工，搭建部分自行或者依法拆除，场地清理干净'),
    ('01-01', 2, '已经建成，占用公共场地、通道、绿地或者楼顶', '已拆除并恢复原状；依法应当立案查处的，已移交执法部门并告知诉求人'),
    ('01-07', 1, '沿街、沿路拉绳挂物，晾晒衣被杂物', '晾挂物和绳索收走，没有反弹'),
    ('01-08', 1, '擅自架设管线、杆线，影响通行或者安全', '管线拆除，或者按要求入地、归束'),
    ('01-08', 2, '从楼内拉线下楼给电动车充电', '线已收回，已告知附近充电的地方'),
    ('01-10', 1, '生活垃圾没有入桶或者满溢散落，面积在 1 平方米以下', '垃圾清走，地面冲洗干净'),
    ('01-10', 2, '成堆暴露生活垃圾，面积在 1 平方米以上', '垃圾清运完毕，地面干净，投放点恢复正常'),
    ('01-11', 1, '积存的垃圾、渣土、装修弃料没有清运', '清运完毕，场地平整干净'),
    ('01-12', 1, '路面有垃圾、尘土、污渍，面积在 1 平方米以上', '清扫冲洗完毕，路面见本色'),
    ('01-13', 1, '车行道坑洞、塌陷、拱起，车辆须绕行', '修补平整，与周围路面齐平；修好以前已围挡'),
    ('01-13', 2, '人行道、盲道砖缺失、松动、翘起', '补齐铺平，行走不晃动'),
    ('01-13', 3, '路缘石破损、缺失、移位', '更换或者复位，线形顺直'),
    ('01-14', 1, '车辆遗撒砂石、渣土、泥浆等', '清扫冲洗完毕，已查找遗撒车辆'),
    ('01-17', 1, '绿地内有垃圾、杂物，杂草明显高于周围', '垃圾清走，杂草割除'),
    ('01-20', 1, '正在焚烧垃圾、树叶、秸秆', '明火熄灭，余烬清走，已劝导或者处罚'),
    ('01-25', 1, '水面有漂浮物、岸坡有垃圾', '打捞清理完毕，水面和岸坡干净'),
    ('01-28', 1, '商业经营使用音响等招揽，噪音扰民', '音响关停或者调低，复看时没有扰民'),
    ('01-29', 1, '在露天场所烧烤，油烟扰民或者污染地面', '停止烧烤，炉具收走，地面清理'),
    ('01-30', 1, '向路面、绿地、雨水口倾倒或者排放污水', '停止排放，污水清理，地面冲洗'),
    ('01-30', 2, '排水户未接入管网，长期外排', '已接入管网或者停止排放，并已告知主管部门'),
    ('01-31', 1, '餐厨垃圾、废弃油脂遗撒或者倒入雨水口', '清理冲洗完毕，容器密闭，来源单位已整改'),
    ('01-35', 1, '废弃家具、电器丢弃在公共场所', '大件清走，场地干净'),
    ('01-36', 1, '在道路、楼道、公共场所堆放物料杂物', '物料清走，通道恢复畅通'),
    ('01-37', 1, '公共场所有动物尸体', '尸体收走，作无害化处理，地面消毒'),
    ('01-38', 1, '在小区、街巷饲养鸡鸭鹅等家禽家畜', '家禽家畜移走，场地清扫消毒'),
    ('02-01', 1, '张贴、喷涂小广告，单处或者成片', '清除或者覆盖干净，不留底纹'),
    ('02-03', 1, '未经审批设置户外广告', '拆除，或者补办手续'),
    ('02-03', 2, '户外广告破损、松动，可能坠落', '加固或者拆除，没有坠落危险'),
    ('02-06', 1, '牌匾破损、缺字、松动，或者设置不符合规定', '修复加固或者拆除，符合设置规定'),
    ('03-01', 1, '夜间施工噪声，没有夜间施工许可', '停止夜间施工，已告知或者公示作业时间'),
    ('03-01', 2, '白天施工噪声、震动、强光明显扰民', '采取降噪、遮挡措施，诉求人认可或者经检测合格'),
    ('03-02', 1, '施工占用车行道、人行道，没有许可或者超出范围', '撤出占用部分，道路恢复通行'),
    ('03-04', 1, '工地没有覆盖、洒水、冲洗，扬尘明显', '已覆盖、洒水或者冲洗，复看时没有明显扬尘'),
    ('04-01', 1, '无照游商在禁设路段经营', '摊贩离开，地面干净，没有返回'),
    ('04-05', 1, '超出门窗外墙摆摊、摆桌、堆放商品', '桌椅商品收回店内，通道恢复'),
    ('04-06', 1, '占用车行道、人行道、盲道摆摊经营', '摊点撤离，路面干净，复看时没有再占'),
    ('04-10', 1, '非机动车乱停，堵塞出入口、盲道、消防通道', '车辆移走或者摆放整齐，通道畅通'),
    ('05-01', 1, '供水管道破裂，正在大量跑水', '已关阀止水，抢修完毕，恢复供水'),
    ('05-01', 2, '供水管道渗漏，没有影响供水', '修复完毕，没有渗漏，路面恢复'),
    ('05-02', 1, '有燃气泄漏、异味或者管道破裂', '已关阀疏散，抢修完毕，检测合格，恢复供气'),
    ('05-02', 2, '露天燃气管道锈蚀、支架脱落，没有泄漏', '修复加固完毕，检测没有泄漏'),
    ('05-03', 1, '污水外溢到路面、楼道，或者户内返水', '管道疏通，没有外溢，污物清理冲洗干净'),
    ('05-03', 2, '排水管道破裂、塌陷', '管道修复或者更换，排水通畅，路面恢复'),
    ('05-04', 1, '供热管道破裂，影响供热或者有烫伤危险', '已关阀警戒，抢修完毕，恢复供热'),
    ('05-04', 2, '供热管道渗漏、保温层脱落', '修复完毕，没有渗漏'),
    ('05-05', 1, '路面塌陷，有人员车辆掉落危险', '已围挡警示，回填夯实，路面恢复通行'),
    ('05-06', 1, '道路积水，影响行人车辆通行', '积水排净，收水口疏通'),
    ('05-07', 1, '主次道路积雪、积冰，影响通行', '积雪积冰清除，防滑处理，通行正常'),
    ('05-07', 2, '小区、楼门、台阶积雪、积冰', '清除干净，台阶通道已防滑'),
    ('05-08', 1, '线缆脱落、垂落，妨碍通行或者可能带电', '已警戒并确认断电，线缆固定复位'),
    ('05-98', 1, '停水，没有通知或者超过通知时间', '恢复供水，或者已采取临时供水并告知恢复时间'),
    ('05-98', 2, '停电，没有通知或者超过通知时间', '恢复供电，或者已告知恢复时间'),
    ('05-98', 3, '停暖或者室温不达标', '恢复供热，入户测温达标'),
    ('05-99', 1, '墙体、墙皮、雨搭、冰凌等松动，可能坠落', '险情排除：已清除或者加固，警戒撤除'),
    ('05-99', 2, '已经坠落，或者有人高空抛物', '坠落物清理，伤损已处置，隐患部位已排除或者已移交公安机关'),
    ('06-04', 1, '门前卫生、绿化、秩序等责任没有落实', '责任人整改到位，门前整洁有序'),
    ('06-99', 1, '其他类别都不适用，又属于本级职责', '问题已解决，或者已经说明情况，诉求人知道结果'),
    ('B01-01', 1, '井盖丢失或者没有盖严，有跌落危险', '井盖补齐盖严，与路面齐平；补齐以前已围挡并有人看守'),
    ('B01-01', 2, '井盖破损、碎裂、翻起', '更换或者复位，稳固严密'),
    ('B01-01', 3, '井盖与路面高低不平，或者车辆经过跳动、响动', '调平固定，没有跳动、响动'),
    ('B01-01', 4, '井盖与管线用途不符，或者没有权属标识', '更换为相符的井盖，标识清楚'),
    ('B01-02', 1, '井盖丢失或者没有盖严，有跌落危险', '井盖补齐盖严，与路面齐平；补齐以前已围挡并有人看守'),
    ('B01-02', 2, '井盖破损、碎裂、翻起', '更换或者复位，稳固严密'),
    ('B01-02', 3, '井盖与路面高低不平，或者车辆经过跳动、响动', '调平固定，没有跳动、响动'),
    ('B01-02', 4, '井盖与管线用途不符，或者没有权属标识', '更换为相符的井盖，标识清楚'),
    ('B01-03', 1, '井盖丢失或者没有盖严，有跌落危险', '井盖补齐盖严，与路面齐平；补齐以前已围挡并有人看守'),
    ('B01-03', 2, '井盖破损、碎裂、翻起', '更换或者复位，稳固严密'),
    ('B01-03', 3, '井盖与路面高低不平，或者车辆经过跳动、响动', '调平固定，没有跳动、响动'),
    ('B01-03', 4, '井盖与管线用途不符，或者没有权属标识', '更换为相符的井盖，标识清楚'),
    ('B01-04', 1, '雨水箅子丢失，有跌落、卡轮危险', '补齐盖严；补齐以前已警示'),
    ('B01-04', 2, '雨水箅子破损、翘起、松动响动', '更换或者固定，没有响动'),
    ('B01-04', 3, '雨水箅子堵塞，排水不畅', '疏通清掏，排水通畅'),
    ('B01-06', 1, '井盖丢失或者没有盖严，有跌落危险', '井盖补齐盖严，与路面齐平；补齐以前已围挡并有人看守'),
    ('B01-06', 2, '井盖破损、碎裂、翻起', '更换或者复位，稳固严密'),
    ('B01-06', 3, '井盖与路面高低不平，或者车辆经过跳动、响动', '调平固定，没有跳动、响动'),
    ('B01-06', 4, '井盖与管线用途不符，或者没有权属标识', '更换为相符的井盖，标识清楚'),
    ('B01-10', 1, '井盖丢失或者没有盖严，有跌落危险', '井盖补齐盖严，与路面齐平；补齐以前已围挡并有人看守'),
    ('B01-10', 2, '井盖破损、碎裂、翻起', '更换或者复位，稳固严密'),
    ('B01-10', 3, '井盖与路面高低不平，或者车辆经过跳动、响动', '调平固定，没有跳动、响动'),
    ('B01-10', 4, '井盖与管线用途不符，或者没有权属标识', '更换为相符的井盖，标识清楚'),
    ('B01-11', 1, '井盖丢失或者没有盖严，有跌落危险', '井盖补齐盖严，与路面齐平；补齐以前已围挡并有人看守'),
    ('B01-11', 2, '井盖破损、碎裂、翻起', '更换或者复位，稳固严密'),
    ('B01-11', 3, '井盖与路面高低不平，或者车辆经过跳动、响动', '调平固定，没有跳动、响动'),
    ('B01-11', 4, '井盖与管线用途不符，或者没有权属标识', '更换为相符的井盖，标识清楚'),
    ('B01-14', 1, '井盖丢失或者没有盖严，有跌落危险', '井盖补齐盖严，与路面齐平；补齐以前已围挡并有人看守'),
    ('B01-14', 2, '井盖破损、碎裂、翻起', '更换或者复位，稳固严密'),
    ('B01-14', 3, '井盖与路面高低不平，或者车辆经过跳动、响动', '调平固定，没有跳动、响动'),
    ('B01-14', 4, '井盖与管线用途不符，或者没有权属标识', '更换为相符的井盖，标识清楚'),
    ('B01-18', 1, '井盖丢失或者没有盖严，有跌落危险', '井盖补齐盖严，与路面齐平；补齐以前已围挡并有人看守'),
    ('B01-18', 2, '井盖破损、碎裂、翻起', '更换或者复位，稳固严密'),
    ('B01-18', 3, '井盖与路面高低不平，或者车辆经过跳动、响动', '调平固定，没有跳动、响动'),
    ('B01-18', 4, '井盖与管线用途不符，或者没有权属标识', '更换为相符的井盖，标识清楚'),
    ('B01-23', 1, '井盖丢失或者没有盖严，有跌落危险', '井盖补齐盖严，与路面齐平；补齐以前已围挡并有人看守'),
    ('B01-23', 2, '井盖破损、碎裂、翻起', '更换或者复位，稳固严密'),
    ('B01-23', 3, '井盖与路面高低不平，或者车辆经过跳动、响动', '调平固定，没有跳动、响动'),
    ('B01-23', 4, '井盖与管线用途不符，或者没有权属标识', '更换为相符的井盖，标识清楚'),
    ('B01-25', 1, '供水器损坏、漏水', '修复或者更换，没有漏水'),
    ('B01-26', 1, '沟槽盖板缺失，有跌落危险', '补齐盖严，补齐以前已围挡警示'),
    ('B01-26', 2, '沟槽盖板破损、松动、响动', '更换或者固定，没有响动'),
    ('B01-27', 1, '交接箱箱门敞开、箱体破损或者倾斜', '箱门关锁，箱体修复扶正'),
    ('B01-28', 1, '箱门敞开、破损，可能触电', '已警戒，关锁或者修复，没有触电危险'),
    ('B01-28', 2, '箱体倾斜、锈蚀、张贴小广告', '修复扶正，清理干净'),
    ('B01-30', 1, '立杆倾斜、断裂，可能倒伏', '已警戒，扶正加固或者更换'),
    ('B01-30', 2, '立杆废弃、锈蚀，没有倒伏危险', '拆除或者修复'),
    ('B01-31', 1, '立杆倾斜、断裂，可能倒伏', '已警戒，扶正加固或者更换'),
    ('B01-31', 2, '立杆废弃、锈蚀，没有倒伏危险', '拆除或者修复'),
    ('B01-37', 1, '单灯不亮或者白天亮灯', '修复，按时亮灭'),
    ('B01-37', 2, '成片不亮（连续三盏以上或者整条路段）', '查明原因修复，整段正常亮灯'),
    ('B01-37', 3, '灯杆倾斜、灯具松动、灯门缺失露线', '扶正加固，灯门关锁，没有触电和坠落危险'),
    ('B01-46', 1, '器材松动、断裂，使用有危险', '停用围挡，修复或者拆除'),
    ('B01-46', 2, '器材缺件、掉漆，不影响安全', '配件补齐，修复完毕'),
    ('B01-54', 1, '充电设施损坏、漏电', '断电修复，检测合格后恢复使用'),
    ('B02-04', 1, '站亭、站牌破损、松动', '修复加固'),
    ('B02-12', 1, '路名牌缺失、破损、指向错误', '补装或者更正，指向正确'),
    ('B02-17', 1, '护栏倒伏、缺失，妨碍通行', '扶正或者补齐，道路通畅'),
    ('B02-17', 2, '护栏破损、移位、污损', '修复复位，清洗干净'),
    ('B02-21', 1, '便道桩缺失、松动、倾倒', '补齐或者固定，不妨碍通行'),
    ('B03-01', 1, '公厕设施损坏、停用没有公示', '修复开放，或者公示停用原因和期限'),
    ('B03-01', 2, '公厕脏污、有异味', '保洁完毕，没有明显异味'),
    ('B03-03', 1, '化粪池满溢', '清掏完毕，没有外溢，周围冲洗干净'),
    ('B03-05', 1, '垃圾箱（桶）缺失、破损', '更换或者补齐'),
    ('B03-05', 2, '垃圾箱（桶）满溢、脏污', '清运清洗完毕'),
    ('B03-08', 1, '宣传栏破损、倾斜、内容残缺', '修复扶正，内容更新'),
    ('B04-02', 1, '行道树倒伏、断枝，妨碍通行', '清理完毕，道路通畅，树木扶正或者移除'),
    ('B04-02', 2, '枝叶遮挡路灯、信号灯、架空线，或者枯死', '修剪或者更换，遮挡消除'),
    ('B04-07', 1, '座椅缺失、破损、松动', '修复或者更换，稳固可用'),
    ('B04-08', 1, '绿地护栏倒伏、破损、缺失', '修复补齐'),
    ('B05-07', 1, '水域护栏缺失、破损，有落水危险', '已警戒，修复补齐，牢固可靠');
select make_reference_table('start_conditions');

create table classes (
    tenant_id  uuid not null,
    code       text collate "C" not null,
    family     class_family not null,
    major      text not null,
    is_local   boolean not null,
    constraint classes_pk primary key (tenant_id, code),
    constraint classes_tenant foreign key (tenant_id) references tenants (id),
    constraint classes_form check (code ~ '^B?[0-9]{2}-[0-9]{2}$' and (family = 'component') = (code like 'B%')),
    constraint classes_major check (char_length(major) between 2 and 20)
);
comment on table classes is 'What a class of matters is, for good: code, family, major class (大类), whether the city added it (numbered downward from 99).';
select make_tenant_table('classes');

create table class_versions (
    tenant_id    uuid not null,
    class_code   text collate "C" not null,
    number       integer not null,
    from_day     date not null,
    name         text not null,
    quick_order  smallint,
    quick_name   text,
    in_use       boolean not null,
    reason       text not null,
    document_id  uuid,
    clause       integer,
    made_at      timestamptz not null,
    made_by      uuid,
    made_post    uuid,
    constraint class_versions_pk primary key (tenant_id, class_code, number),
    constraint class_versions_class foreign key (tenant_id, class_code) references classes (tenant_id, code),
    constraint class_versions_made_by foreign key (tenant_id, made_by) references people (tenant_id, id),
    constraint class_versions_made_post foreign key (tenant_id, made_post) references posts (tenant_id, id),
    constraint class_versions_cited foreign key (tenant_id, document_id, clause)
        references document_clauses (tenant_id, document_id, number),
    constraint class_versions_cited_whole check ((document_id is null) = (clause is null)),
    constraint class_versions_made check ((made_by is null) = (made_post is null) and (made_by is not null or number = 1)),
    constraint class_versions_number check (number >= 1),
    constraint class_versions_quick check ((quick_order is null) = (quick_name is null)
        and (quick_order is null or in_use) and quick_order between 1 and 99),
    constraint class_versions_texts check (char_length(name) between 2 and 30
        and char_length(quick_name) between 2 and 12 and char_length(reason) between 2 and 200)
);
comment on table class_versions is 'What a class is called and whether it is in use, from a day on. Of several that hold, the one with the highest number; the first of the start set was made by nobody.';
create index class_versions_cited_by on class_versions (tenant_id, document_id) where document_id is not null;
select make_tenant_table('class_versions');

create table class_conditions (
    tenant_id   uuid not null,
    class_code  text collate "C" not null,
    version     integer not null,
    position    smallint not null,
    filing      text not null,
    closing     text not null,
    constraint class_conditions_pk primary key (tenant_id, class_code, version, position),
    constraint class_conditions_version foreign key (tenant_id, class_code, version)
        references class_versions (tenant_id, class_code, number),
    constraint class_conditions_position check (position between 1 and 10),
    constraint class_conditions_texts check (char_length(filing) between 2 and 100 and char_length(closing) between 2 and 200)
);
comment on table class_conditions is 'A condition of filing (立案条件) with its condition of closing (结案条件), as one version of a class has it.';
select make_tenant_table('class_conditions');

-- The classes a new tenant begins with; before its limits, which name them.
create function furnish_classes(p_tenant uuid, p_now timestamptz) returns void
    language plpgsql as $$
begin
    insert into classes (tenant_id, code, family, major, is_local)
    select p_tenant, s.code, s.family, s.major, right(s.code, 2) >= '90' from start_classes s;
    insert into class_versions (tenant_id, class_code, number, from_day, name, quick_order, quick_name, in_use, reason, made_at)
    select p_tenant, s.code, 1, '2020-01-01', s.name, s.quick_order, s.quick_name, true, '预置类别', p_now
      from start_classes s;
    insert into class_conditions (tenant_id, class_code, version, position, filing, closing)
    select p_tenant, s.class_code, 1, s.position, s.filing, s.closing from start_conditions s;
end $$;
revoke execute on function furnish_classes(uuid, timestamptz) from public;
select furnish_classes(id, created_at) from tenants;

-- The classes as they are on a day. One that has not begun is not in use yet, and is called as it will be.
create function classes_on(p_tenant uuid, p_day date)
    returns table (code text, family class_family, major text, is_local boolean, version integer, from_day date,
                   name text, quick_order smallint, quick_name text, in_use boolean)
    language sql stable as $$
    select c.code, c.family, c.major, c.is_local, v.number, v.from_day, v.name, v.quick_order, v.quick_name,
           v.in_use and v.from_day <= p_day
      from classes c
      cross join lateral (
           select x.number, x.from_day, x.name, x.quick_order, x.quick_name, x.in_use
             from class_versions x
            where x.tenant_id = p_tenant and x.class_code = c.code
            order by x.from_day <= p_day desc, x.number desc
            limit 1) v
     where c.tenant_id = p_tenant
$$;
comment on function classes_on(uuid, date) is 'Each class with the version that holds on a day.';

-- The conditions of one version of a class, as JSON.
create function conditions_json(p_tenant uuid, p_class text, p_version integer) returns json
    language sql stable as $$
    select coalesce(json_agg(json_build_object('version', k.version, 'position', k.position,
                                               'filing', k.filing, 'closing', k.closing) order by k.position), '[]')
      from class_conditions k
     where k.tenant_id = p_tenant and k.class_code = p_class and k.version = p_version
$$;

-- A matter keeps the condition that was chosen when it was accepted (立案), by version.
do $$ begin
    alter table matters add column class_version integer;
    alter table matters add column condition smallint;
    alter table matters add constraint matters_condition_whole check ((class_version is null) = (condition is null));
    alter table matters add constraint matters_class foreign key (tenant_id, class_code) references classes (tenant_id, code);
    alter table matters add constraint matters_condition foreign key (tenant_id, class_code, class_version, condition)
        references class_conditions (tenant_id, class_code, version, position);
    alter table class_limits add constraint class_limits_class
        foreign key (tenant_id, class_code) references classes (tenant_id, code);
    alter table duty_classes add constraint duty_classes_class
        foreign key (tenant_id, class_code) references classes (tenant_id, code);
    grant update (class_version, condition) on matters to street_whistle_app;
    create index matters_open_class on matters (tenant_id, class_code) where ended_at is null;
end $$;
comment on column matters.condition is 'The condition of filing chosen when it was accepted; none if its class had none then, or if it never was.';

-- Only what is in use is filed, and what is accepted names a condition if its class has any that day.
create function matters_class_holds() returns trigger
    language plpgsql as $$
declare
    at timestamptz := case tg_op when 'INSERT' then new.filed_at else new.waiting_since end;
    held record;
begin
    select v.number, v.in_use into held from class_versions v
     where v.tenant_id = new.tenant_id and v.class_code = new.class_code
       and v.from_day <= (at at time zone 'Asia/Shanghai')::date
     order by v.number desc limit 1;
    if tg_op = 'INSERT' then
        if not coalesce(held.in_use, false) then
            raise exception 'the class is not in use' using errcode = 'check_violation', constraint = 'matters_class_in_use';
        end if;
        return new;
    end if;
    if new.condition is null and exists (select from class_conditions k
            where k.tenant_id = new.tenant_id and k.class_code = new.class_code and k.version = held.number) then
        raise exception 'no condition of filing is chosen' using errcode = 'check_violation', constraint = 'matters_condition_chosen';
    end if;
    return new;
end $$;
create trigger matters_class_in_use after insert on matters for each row execute function matters_class_holds();
create trigger matters_condition_chosen before update of stage on matters
    for each row when (old.stage = 'filed' and new.stage = 'accepted') execute function matters_class_holds();

-- What the duty list proposes names the classes as they are called on the day.
drop function duties_for(uuid, text[]);
create function duties_for(p_tenant uuid, p_classes text[], p_day date) returns json
    language sql stable as $$
    with fitting as materialized (
        select i.id, i.number, i.version, i.name, i.law, i.boundary, i.lead_department_id,
               (select count(*) from duty_classes c
                 where c.tenant_id = p_tenant and c.duty_item_id = i.id and c.class_code = any (p_classes)) as fit
          from duty_items i
         where i.tenant_id = p_tenant and i.to_day is null
           and exists (select from duty_classes c where c.tenant_id = p_tenant and c.duty_item_id = i.id
                          and c.class_code = any (p_classes))
         order by fit desc, i.number
         limit 5)
    select coalesce(json_agg(json_build_object(
               'id', f.id, 'number', f.number, 'version', f.version, 'name', f.name, 'law', f.law,
               'boundary', f.boundary, 'lead_id', f.lead_department_id, 'lead', d.name,
               'assists', coalesce((
                   select json_agg(json_build_object('department_id', a.department_id, 'department', x.name,
                                                     'ask', a.ask) order by a.position)
                     from duty_assists a
                     join departments x on x.tenant_id = p_tenant and x.id = a.department_id
                    where a.tenant_id = p_tenant and a.duty_item_id = f.id), '[]'::json),
               'covers', (
                   select json_agg(m.name order by m.code)
                     from duty_classes c
                     join classes_on(p_tenant, p_day) m on m.code = c.class_code
                    where c.tenant_id = p_tenant and c.duty_item_id = f.id and c.class_code = any (p_classes)),
               'precedents', coalesce((
                   select json_agg(json_build_object('at', p.at, 'ruling', p.ruling, 'lead', y.name,
                                                     'level', p.level) order by p.at desc)
                     from precedents p
                     join duty_items o on o.tenant_id = p_tenant and o.id = p.duty_item_id
                     join departments y on y.tenant_id = p_tenant and y.id = p.lead_department_id
                    where p.tenant_id = p_tenant and o.number = f.number), '[]'::json))
               order by f.fit desc, f.number), '[]'::json)
      from fitting f
      join departments d on d.tenant_id = p_tenant and d.id = f.lead_department_id
$$;
comment on function duties_for(uuid, text[], date) is 'The items in force that cover any of the classes, with whom they name and their precedents, as JSON.';
