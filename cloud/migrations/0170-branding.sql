-- 0170-branding.sql: how HQ's pages look for everybody: name, colour, mark. At most one row; none: the plain look.
create table brand (
  one boolean primary key default true check (one),
  name text not null,
  -- #rrggbb
  colour text not null,
  -- A PNG, base64; null: no mark.
  mark_png text,
  revision int not null,
  updated_at timestamptz not null
);
