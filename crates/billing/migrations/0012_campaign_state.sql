-- A prepayment campaign is written, put in force, and stopped where it must not run to its last day. Those there are run.
ALTER TABLE prepay_campaign ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
-- draft, inForce or stopped
ALTER TABLE prepay_campaign ADD COLUMN state TEXT NOT NULL DEFAULT 'inForce';
-- Who put it in force or stopped it last, and why it was stopped.
ALTER TABLE prepay_campaign ADD COLUMN turned_by TEXT NOT NULL DEFAULT '';
ALTER TABLE prepay_campaign ADD COLUMN turned_at BIGINT;
ALTER TABLE prepay_campaign ADD COLUMN reason TEXT NOT NULL DEFAULT '';
CREATE INDEX prepay_campaign_state ON prepay_campaign (state, min_fen, id);
