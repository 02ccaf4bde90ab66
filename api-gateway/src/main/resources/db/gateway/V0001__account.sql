-- Who may log in. Addresses are kept in lower case.
create table account (
    id            text        primary key,
    email         text        not null unique,
    name          text        not null,
    password_hash text        not null,
    role          text        not null check (role in ('customer', 'operator')),
    created_at    timestamptz not null default now()
);
