-- 0080-console-users.sql: who may use HQ: people with a password, their sessions, and programs with a token.
-- Nothing here opens a door by itself: passwords are scrypt, tokens of sessions and programs are SHA-256 of 32 random bytes.

create table console_user (
  user_id text primary key,
  login text not null unique check (login = lower(login)),
  name text not null,
  role text not null check (role in ('admin', 'marketing', 'service', 'manager', 'auditor')),
  -- null: the whole chain. A manager always has a list.
  stores text[],
  password jsonb not null,
  -- Given by somebody else: good for one sign-in, then the user chooses an own one.
  password_temporary boolean not null,
  totp_secret text,
  -- The last step whose code was taken: a code seen over a shoulder is worth nothing.
  totp_step bigint not null default 0,
  totp_pending text,
  recovery_hashes text[] not null default '{}',
  disabled_at timestamptz,
  revision int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check (role <> 'manager' or stores is not null)
);

-- Wrong tries by login, known or not: what is locked tells nobody who works here.
create table sign_in_try (
  login_hash text primary key,
  wrong int not null,
  locked_until timestamptz not null,
  at timestamptz not null
);

create table console_session (
  token_hash text primary key,
  session_id text not null unique,
  user_id text not null references console_user on delete cascade,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  address text not null,
  agent text not null
);
create index console_session_by_user on console_session (user_id);

create table api_token (
  token_id text primary key,
  token_hash text not null unique,
  name text not null,
  rights text[] not null,
  stores text[],
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
