ALTER TABLE memories ADD COLUMN origin text NOT NULL DEFAULT 'human';

ALTER TABLE memories DROP COLUMN public_id;
