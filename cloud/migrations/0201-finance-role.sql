-- 0201-finance-role.sql: people who read figures, drawers and what is owed, and of members nothing but their numbers.
alter table console_user drop constraint console_user_role_check;
alter table console_user add constraint console_user_role_check
  check (role in ('admin', 'marketing', 'service', 'finance', 'manager', 'auditor'));
