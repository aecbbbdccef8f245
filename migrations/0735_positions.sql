-- "Within 50 metres" (疑似复发): a node has had room for a position (WGS-84 degrees, both or neither,
-- kept by nodes_point in 0020); here is how far apart two of them are, how far a new matter is from
-- the one that was closed, and the way to the few whistles that a street closed lately.

comment on column nodes.longitude is 'Degrees east by WGS-84, with latitude or not at all. A unit without a position stands where its building does.';
comment on column nodes.latitude is 'Degrees north by WGS-84, with longitude or not at all.';

-- Metres between two points, on a plane that touches the earth there. Over a few hundred metres it
-- errs by less than the width of a brick, and needs no extension.
create function metres_apart(longitude_a double precision, latitude_a double precision,
                             longitude_b double precision, latitude_b double precision) returns double precision
    language sql immutable strict parallel safe as $$
    select 6371008.8 * sqrt(power(radians(latitude_a - latitude_b), 2)
        + power(radians(longitude_a - longitude_b) * cos(radians((latitude_a + latitude_b) / 2)), 2))
$$;
comment on function metres_apart(double precision, double precision, double precision, double precision)
    is 'Metres between two positions in degrees, equirectangular: for places near each other.';

do $$ begin
    alter table reopen_proposals add column metres smallint;
    alter table reopen_proposals add constraint reopen_proposals_metres check (metres between 0 and 50);
end $$;
comment on column reopen_proposals.metres is 'How far the new matter''s building is from the old one''s, as it was when it was filed; null: it is the same building.';

-- A new matter looks only at what its street closed in the last 30 days.
create index whistles_closed_lately on whistles (tenant_id, street_code, closed_at) where closed_at is not null;
