-- Intent: which of the codes of an authenticator was used last: none works twice. A new column of a table of ten million
-- rows, without a default: nothing is rewritten.
ALTER TABLE identity.users ADD COLUMN totp_step bigint;
