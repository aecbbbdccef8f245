-- What a list of whistles is narrowed by and counted by stands beside its order, so that counting ten thousand reads the
-- index alone and no rows. By street and by community each whistle stood in two indexes; the one in the list's order
-- finds them as well.
do $$ begin
    drop index whistles_by_street;
    drop index whistles_by_community;
    drop index whistles_order_street;
    create index whistles_order_street on whistles (tenant_id, street_code, order_key, id)
        include (stage, kind, from_community, sounded_at, closed_at, withdrawn_at, due_at, soon_at, due_stage);
end $$;
