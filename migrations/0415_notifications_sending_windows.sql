-- Intent: how many mails and short messages have left in this hour and this month, for the limits that operators set. A row for
-- each of the two channels.
CREATE TABLE notifications.sending_windows (
    channel    text PRIMARY KEY CHECK (channel IN ('email', 'sms')),
    hour_at    timestamptz NOT NULL,
    hour_used  int NOT NULL CHECK (hour_used >= 0),
    month_at   timestamptz NOT NULL,
    month_used int NOT NULL CHECK (month_used >= 0)
) WITH (fillfactor = 50);
