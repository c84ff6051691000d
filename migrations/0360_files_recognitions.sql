-- Intent: what was read from pictures, by whom and for how much; the budget of the providers that cost something is counted
-- here. Some per picture of a meter: expect a million rows a year.
CREATE TABLE files.recognitions (
    id          uuid PRIMARY KEY,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    file_id     uuid NOT NULL REFERENCES files.files (id) ON DELETE CASCADE,
    user_id     uuid NOT NULL REFERENCES identity.users (id) ON DELETE RESTRICT,
    kind        text NOT NULL CHECK (kind IN ('digits', 'plate')),
    -- Whose word it is; null where nobody could be asked.
    provider    text CHECK (provider IN ('tesseract', 'perplexity')),
    outcome     text NOT NULL CHECK (outcome IN ('recognized', 'unreadable', 'unavailable')),
    result      jsonb NOT NULL,
    confidence  numeric(4, 3) CHECK (confidence BETWEEN 0 AND 1),
    -- Whether the model was asked, whosever word it is: its calls are counted, and what they cost.
    asked_model boolean NOT NULL,
    cost_micros bigint NOT NULL DEFAULT 0 CHECK (cost_micros >= 0),
    CONSTRAINT recognitions_cost_check CHECK (asked_model OR cost_micros = 0),
    CONSTRAINT recognitions_value_check
        CHECK ((outcome = 'recognized') = (result ? 'value') AND (outcome <> 'recognized' OR provider IS NOT NULL))
);

CREATE INDEX recognitions_user_idx ON files.recognitions (user_id, created_at);
CREATE INDEX recognitions_file_idx ON files.recognitions (file_id);
-- What this month has cost, and how many were asked within a minute.
CREATE INDEX recognitions_cost_idx ON files.recognitions (created_at) INCLUDE (cost_micros, user_id)
    WHERE asked_model;
