-- What pages and acts ask again and again keeps its plan. A function in SQL that is not woven into the
-- statement is planned anew in each statement that calls it; one in PL/pgSQL once in a connection.
-- The body stays what it was: one expression.
do $$
declare
    f record;
begin
    for f in
        select p.proname as name, pg_get_function_identity_arguments(p.oid) as arguments,
               pg_get_function_result(p.oid) as result, rtrim(btrim(p.prosrc, e' \n'), ';') as body
          from pg_proc p
         where p.pronamespace = 'public'::regnamespace and not p.proretset
           and p.prolang = (select l.oid from pg_language l where l.lanname = 'sql')
           and p.proname = any ('{session_lives,parameter_value,stand_in,is_involved,has_judged,took_part,has_visited,had_to_do,
               is_suspended,was_late,matter_was_late,whistle_was_late,clock_json,rules_json,calendar_of,photos_demanded,
               phrases_json,photos_of_subject,photos_of_event,files_json,conditions_json,basis_json,due_json,seat_name,
               holder_on,search_house,objection_json,objected_record_json,objection_panel_json,
               figure_days_of_whistle,reported_in_time,duties_for}')
    loop
        execute format('create or replace function public.%I(%s) returns %s
                            language plpgsql stable as $body$ begin return (%s); end $body$',
                       f.name, f.arguments, f.result, f.body);
    end loop;
end $$;
