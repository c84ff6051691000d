-- Intent: what was counted of each day. daily_metrics: tens of figures by some parts a day, a hundred thousand rows a year.
-- platform_analytics: one row a day.
CREATE SCHEMA IF NOT EXISTS analytics;

CREATE TABLE analytics.daily_metrics (
    metric    text NOT NULL CHECK (length(metric) BETWEEN 1 AND 60),
    day_on    date NOT NULL,
    dimension text NOT NULL CHECK (length(dimension) <= 60),
    value     bigint NOT NULL,
    PRIMARY KEY (metric, day_on, dimension)
);

CREATE TABLE analytics.platform_analytics (
    day_on             date PRIMARY KEY,
    total_tenants      int NOT NULL DEFAULT 0,
    active_tenants     int NOT NULL DEFAULT 0,
    trial_tenants      int NOT NULL DEFAULT 0,
    total_libraries    int NOT NULL DEFAULT 0,
    total_students     int NOT NULL DEFAULT 0,
    total_revenue      bigint NOT NULL DEFAULT 0,
    total_transactions bigint NOT NULL DEFAULT 0,
    metrics            jsonb NOT NULL DEFAULT '{}',
    updated_at         timestamptz NOT NULL DEFAULT now()
);

-- Figures by the day on which they happened.
CREATE INDEX IF NOT EXISTS users_last_active_idx ON identity.users (last_active_at) WHERE last_active_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS payments_succeeded_at ON payments.payments (succeeded_at) WHERE succeeded_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS refunds_succeeded_at ON payments.refunds (updated_at) WHERE status = 'succeeded';
