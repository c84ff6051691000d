-- Intent: short messages: of which registered text one was made, how many parts it has, and what became of the credits that were set
-- aside for it. New columns of a table of ten million rows, without a default: nothing is rewritten.
ALTER TABLE notifications.notifications
    ADD COLUMN registered_text text CHECK (length(registered_text) <= 40),
    ADD COLUMN segments int CHECK (segments > 0),
    ADD COLUMN credit_state text CHECK (credit_state IN ('reserved', 'spent', 'returned'));

-- What is set aside and of which nothing is heard is spent after a day.
CREATE INDEX notifications_reserved_idx ON notifications.notifications (sent_at) WHERE credit_state = 'reserved';
