-- A saga that a person holds goes on with nothing new until it is released; what is under way ends.
ALTER TABLE saga ADD COLUMN held BIGINT NOT NULL DEFAULT 0;
