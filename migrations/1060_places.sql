-- Where things are (地图、五分钟服务圈): the outlines of the chain's nodes, the service stations, and how
-- many buildings one reaches from them on foot. Positions are WGS-84 degrees, as in nodes; buildings
-- and units have theirs already (0020, 0735).

alter type event_subject add value 'station';

create table node_outlines (
    tenant_id  uuid not null,
    id         uuid not null,
    node_id    uuid not null,
    number     integer not null,
    shape      jsonb not null,
    corners    integer not null,
    west       double precision not null,
    south      double precision not null,
    east       double precision not null,
    north      double precision not null,
    source     text not null,
    kept_at    timestamptz not null,
    kept_by    uuid not null,
    kept_post  uuid not null,
    constraint node_outlines_pk primary key (tenant_id, id),
    constraint node_outlines_number_key unique (tenant_id, node_id, number),
    constraint node_outlines_tenant foreign key (tenant_id) references tenants (id),
    constraint node_outlines_node foreign key (tenant_id, node_id) references nodes (tenant_id, id),
    constraint node_outlines_kept_by foreign key (tenant_id, kept_by) references people (tenant_id, id),
    constraint node_outlines_kept_post foreign key (tenant_id, kept_post) references posts (tenant_id, id),
    constraint node_outlines_number check (number >= 1),
    constraint node_outlines_shape check (jsonb_typeof(shape) = 'array' and jsonb_array_length(shape) >= 1),
    constraint node_outlines_corners check (corners between 4 and 60000),
    constraint node_outlines_bounds check (west >= 73 and east <= 136 and south >= 3 and north <= 54
        and west < east and south < north),
    constraint node_outlines_source check (char_length(source) between 1 and 120)
);
comment on table node_outlines is 'The outline of a node, as the coordinates of a GeoJSON MultiPolygon, longitude first. The highest number holds.';
select make_tenant_table('node_outlines');

create type station_kind as enum ('centre', 'station');

create table stations (
    tenant_id   uuid not null,
    id          uuid not null,
    kind        station_kind not null,
    name        text not null,
    address     text not null,
    hours       text not null,
    longitude   double precision not null,
    latitude    double precision not null,
    node_id     uuid not null,
    node_level  smallint not null,
    node_code   text collate "C" not null,
    opened_on   date not null,
    closed_on   date,
    version     integer not null default 1,
    kept_at     timestamptz not null,
    kept_by     uuid not null,
    kept_post   uuid not null,
    constraint stations_pk primary key (tenant_id, id),
    constraint stations_tenant foreign key (tenant_id) references tenants (id),
    constraint stations_node foreign key (tenant_id, node_id, node_level, node_code)
        references nodes (tenant_id, id, level, code),
    constraint stations_kept_by foreign key (tenant_id, kept_by) references people (tenant_id, id),
    constraint stations_kept_post foreign key (tenant_id, kept_post) references posts (tenant_id, id),
    constraint stations_level check (node_level = 2),
    constraint stations_name check (char_length(name) between 2 and 40),
    constraint stations_address check (char_length(address) <= 100),
    constraint stations_hours check (char_length(hours) <= 60),
    constraint stations_point check (longitude between 73 and 136 and latitude between 3 and 54),
    constraint stations_days check (closed_on is null or closed_on >= opened_on),
    constraint stations_version check (version >= 1)
);
comment on table stations is 'A place where residents are served (社区党群服务中心, 网格党群服务站); closed_on is the first day on which it is no more.';
create unique index stations_name_key on stations (tenant_id, node_id, name) where closed_on is null;
create index stations_by_code on stations (tenant_id, node_code);
create index stations_by_latitude on stations (tenant_id, latitude);
select make_tenant_table('stations');
grant update (kind, name, address, hours, longitude, latitude, node_id, node_level, node_code, opened_on, closed_on,
              version, kept_at, kept_by, kept_post) on stations to street_whistle_app;

-- What was uploaded and looked at, and waits to be kept or dropped. Its content is gone then.
create table map_uploads (
    tenant_id      uuid not null,
    id             uuid not null,
    file_name      text not null,
    stage          import_stage not null,
    content        jsonb,
    uploaded_at    timestamptz not null,
    uploaded_by    uuid not null,
    uploaded_post  uuid not null,
    ended_at       timestamptz,
    constraint map_uploads_pk primary key (tenant_id, id),
    constraint map_uploads_tenant foreign key (tenant_id) references tenants (id),
    constraint map_uploads_uploaded_by foreign key (tenant_id, uploaded_by) references people (tenant_id, id),
    constraint map_uploads_uploaded_post foreign key (tenant_id, uploaded_post) references posts (tenant_id, id),
    constraint map_uploads_file_name check (char_length(file_name) between 1 and 120),
    constraint map_uploads_stage check (stage in ('checked', 'done', 'dropped')),
    constraint map_uploads_content check ((content is not null) = (stage = 'checked')),
    constraint map_uploads_ended check ((ended_at is not null) = (stage <> 'checked'))
);
comment on table map_uploads is 'A GeoJSON file that was read and checked: its features, until they are kept or dropped.';
create index map_uploads_waiting on map_uploads (tenant_id, uploaded_at) where stage = 'checked';
select make_tenant_table('map_uploads');
grant update (stage, content, ended_at) on map_uploads to street_whistle_app;

-- The buildings at and below a code that stand on a day, and whether a station that is open that day
-- lies within so many metres; null: the building has no position. One text for the page, its list
-- and its file. A degree of latitude is 111.2 km, so what lies farther north or south is out at once.
create function buildings_reached(p_tenant uuid, p_code text, p_day date, p_metres double precision)
    returns table (id uuid, code text, name text, longitude double precision, latitude double precision,
                   reached boolean)
    language sql stable as $$
    select n.id, n.code, n.name, n.longitude, n.latitude,
           case when n.longitude is not null then exists (
               select from stations s
                where s.tenant_id = p_tenant and s.opened_on <= p_day and (s.closed_on is null or s.closed_on > p_day)
                  and s.latitude between n.latitude - p_metres / 111000 and n.latitude + p_metres / 111000
                  and metres_apart(n.longitude, n.latitude, s.longitude, s.latitude) <= p_metres) end
      from nodes n
     where n.tenant_id = p_tenant and n.level = 4 and n.code >= p_code and n.code < p_code || ':'
       and n.valid_from <= p_day and (n.valid_to is null or n.valid_to > p_day)
$$;

-- The outlines that hold, of the living nodes of some levels at and below a code: code and shape.
create function outlines_of(p_tenant uuid, p_code text, p_deepest smallint, p_day date) returns json
    language sql stable as $$
    select coalesce(json_agg(json_build_object('level', n.level, 'name', n.name, 'code', n.code, 'shape', o.shape)
                             order by n.code), '[]')
      from nodes n
      join lateral (select x.shape from node_outlines x
                     where x.tenant_id = p_tenant and x.node_id = n.id
                     order by x.number desc limit 1) o on true
     where n.tenant_id = p_tenant and n.level <= p_deepest and n.code >= p_code and n.code < p_code || ':'
       and n.valid_from <= p_day and (n.valid_to is null or n.valid_to > p_day)
$$;
