-- The page of a plan says how many records stand on it.
create index power_exercises_of_plan on power_exercises (tenant_id, plan_id);
