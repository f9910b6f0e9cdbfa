-- 0060-vault.sql: keys under which personal data is sealed (cloud/vault). A holder is a member, or somebody who joined at a till.

-- Wrapped by the KEK, which is never in the database. Written by cloud/vault/keys alone; deleting a row erases its holder.
create table vault_key (
  holder_id text primary key,
  kek_id text not null,
  wrapped text not null
);

-- Keys of the whole database: the one of the blind indexes.
create table vault_secret (
  name text primary key,
  kek_id text not null,
  wrapped text not null
);

-- `data` is sealed from now on, under the key of the member that the entry names. HQ seals what is older when it starts.
alter table personal add column member_id text;
create index personal_by_member on personal (member_id);
update personal p set member_id = e.member_id
from (
  select case when position('\u0000' in text) = 0 then text::jsonb->'body'->>'personalId' end as personal_id,
    case when position('\u0000' in text) = 0 then text::jsonb->'body'->>'memberId' end as member_id
  from journal_entry where kind = 'member_enrolled') e
where e.personal_id = p.personal_id;
