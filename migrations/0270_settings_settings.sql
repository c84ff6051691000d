-- Intent: what operators change while the program runs: values of settings (tens), feature flags (hundreds), commission
-- rules (hundreds), limits and address rules (at most a thousand each). Every change is told on the channel `settings`, so
-- that it acts on all instances within a second. Secrets are sealed: value holds {"sealed": base64} then.
CREATE SCHEMA IF NOT EXISTS settings;

CREATE TABLE settings.platform_configs (
    key         text PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 100),
    value       jsonb NOT NULL,
    category    text NOT NULL CHECK (length(category) <= 40),
    is_secret   boolean NOT NULL,
    is_public   boolean NOT NULL,
    is_editable boolean NOT NULL,
    updated_by  uuid REFERENCES identity.users (id) ON DELETE SET NULL,
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT platform_configs_public_check CHECK (NOT (is_secret AND is_public))
);
CREATE INDEX platform_configs_updated_by_idx ON settings.platform_configs (updated_by);

CREATE TABLE settings.feature_flags (
    id                 uuid PRIMARY KEY,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    key                text NOT NULL CONSTRAINT feature_flags_key UNIQUE CHECK (length(key) BETWEEN 1 AND 100),
    name               text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    description        text CHECK (length(description) <= 500),
    category           text NOT NULL CHECK (length(category) BETWEEN 1 AND 40),
    is_enabled         boolean NOT NULL,
    rollout_percentage int NOT NULL CHECK (rollout_percentage BETWEEN 0 AND 100),
    environments       text[] NOT NULL,
    enabled_for        uuid[] NOT NULL CHECK (cardinality(enabled_for) <= 1000)
);

CREATE TABLE settings.commission_configs (
    id         uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    product    text NOT NULL CHECK (length(product) BETWEEN 1 AND 40),
    basis      text NOT NULL CHECK (length(basis) BETWEEN 1 AND 40),
    key        text NOT NULL CHECK (length(key) BETWEEN 1 AND 60),
    rate       numeric(5, 2) NOT NULL CHECK (rate BETWEEN 0 AND 100),
    fixed      bigint NOT NULL CHECK (fixed >= 0),
    minimum    bigint NOT NULL CHECK (minimum >= 0),
    maximum    bigint CHECK (maximum >= minimum),
    is_active  boolean NOT NULL DEFAULT true
);
-- Rules that were replaced stay as the history of their product.
CREATE UNIQUE INDEX commission_configs_active ON settings.commission_configs (product, basis, key) WHERE is_active;
CREATE INDEX commission_configs_product_idx ON settings.commission_configs (product, id);

CREATE TABLE settings.rate_limits (
    id             uuid PRIMARY KEY,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    operation      text NOT NULL CHECK (length(operation) BETWEEN 1 AND 120),
    role           text NOT NULL CHECK (length(role) BETWEEN 1 AND 50),
    quantity       int NOT NULL CHECK (quantity BETWEEN 1 AND 100000),
    window_seconds int NOT NULL CHECK (window_seconds BETWEEN 1 AND 86400),
    is_active      boolean NOT NULL,
    CONSTRAINT rate_limits_operation_role UNIQUE (operation, role)
);

CREATE TABLE settings.address_rules (
    id         uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    kind       text NOT NULL CHECK (kind IN ('allow', 'deny')),
    network    cidr NOT NULL CONSTRAINT address_rules_network UNIQUE,
    note       text CHECK (length(note) <= 500)
);

CREATE FUNCTION settings.tell_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('settings', tg_table_name);
    RETURN NULL;
END $$;

CREATE TRIGGER platform_configs_tell AFTER INSERT OR UPDATE OR DELETE ON settings.platform_configs
    FOR EACH STATEMENT EXECUTE FUNCTION settings.tell_changed();
CREATE TRIGGER feature_flags_tell AFTER INSERT OR UPDATE OR DELETE ON settings.feature_flags
    FOR EACH STATEMENT EXECUTE FUNCTION settings.tell_changed();
CREATE TRIGGER rate_limits_tell AFTER INSERT OR UPDATE OR DELETE ON settings.rate_limits
    FOR EACH STATEMENT EXECUTE FUNCTION settings.tell_changed();
CREATE TRIGGER address_rules_tell AFTER INSERT OR UPDATE OR DELETE ON settings.address_rules
    FOR EACH STATEMENT EXECUTE FUNCTION settings.tell_changed();
