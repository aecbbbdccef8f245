-- The second factor (第二因子): a code by time (TOTP, RFC 6238) from a phone, asked after the
-- password; codes on paper for the day on which the phone is gone (恢复码). The secret is sealed under
-- a key outside the database; of the codes only digests are kept.

create table second_factors (
    tenant_id     uuid not null,
    person_id     uuid not null,
    key_name      text not null,
    secret        bytea not null,
    made_at       timestamptz not null,
    confirmed_at  timestamptz,
    last_step     bigint not null default 0,
    failures      smallint not null default 0,
    locked_until  timestamptz,
    constraint second_factors_pk primary key (tenant_id, person_id),
    constraint second_factors_account foreign key (tenant_id, person_id) references accounts (tenant_id, person_id),
    constraint second_factors_counts check (failures >= 0 and last_step >= 0)
);
comment on table second_factors is 'The sealed secret behind the codes of a person. It counts once a code has confirmed it; a step of time is used once.';
select make_tenant_table('second_factors');
grant update (key_name, secret, made_at, confirmed_at, last_step, failures, locked_until), delete
    on second_factors to street_whistle_app;

create table recovery_codes (
    tenant_id  uuid not null,
    person_id  uuid not null,
    digest     bytea not null,
    used_at    timestamptz,
    constraint recovery_codes_pk primary key (tenant_id, person_id, digest),
    constraint recovery_codes_factor foreign key (tenant_id, person_id)
        references second_factors (tenant_id, person_id) on delete cascade,
    constraint recovery_codes_digest check (octet_length(digest) = 32)
);
comment on table recovery_codes is 'SHA-256 of a recovery code: 80 random bits, used once.';
select make_tenant_table('recovery_codes');
grant update (used_at), delete on recovery_codes to street_whistle_app;

do $$ begin
    -- When this browser gave a code; null asks for one, if the person has a factor.
    alter table sessions add column factor_at timestamptz;
end $$;
grant update (factor_at) on sessions to street_whistle_app;
