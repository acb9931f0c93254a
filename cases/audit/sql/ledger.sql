-- The seal: what every transaction wrote, chained at its commit (docs/explanation/ledger.md).
-- Run once, by a migration, as the owner.  Nothing in this schema is personal data: numbers of
-- rows, digests, and who wrote, as the number of a member of staff or the name of a job.

CREATE SCHEMA ledger AUTHORIZATION hatecrime_ledger;
GRANT USAGE ON SCHEMA ledger TO hatecrime_audit, hatecrime_app, hatecrime_erase;
SET LOCAL ROLE hatecrime_ledger;

-- Which columns of which table a digest covers; a new row whenever a table's columns change.
CREATE TABLE ledger.form (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_name text NOT NULL,
    history_table text,
    columns text[] NOT NULL,
    since timestamptz NOT NULL DEFAULT now()
);

-- Where the chain ends.  One row, which every writer waits for: so there is one order.
CREATE TABLE ledger.head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    seq bigint NOT NULL,
    at_us bigint NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32)
) WITH (fillfactor = 10);
INSERT INTO ledger.head (seq, at_us, hash) VALUES (0, 0, decode(repeat('00', 32), 'hex'));

-- One for each transaction that wrote anything (and each actor in it): a link of the chain.
CREATE TABLE ledger.link (
    seq bigint PRIMARY KEY,
    at_us bigint NOT NULL UNIQUE,
    actor text NOT NULL CHECK (actor <> ''),
    request text NOT NULL,
    purpose text NOT NULL,
    session text NOT NULL,
    backend int NOT NULL,
    entries int NOT NULL CHECK (entries > 0),
    body bytea NOT NULL CHECK (length(body) = 32),
    hash bytea NOT NULL CHECK (length(hash) = 32)
);

-- One for each row written: '+' added, '~' changed, '-' removed, 'A' there before the ledger was.
-- Without its salt, which retention may take away, a digest can no longer be guessed at.
-- No foreign keys: only seal() writes here, and verification looks at every one.
CREATE TABLE ledger.entry (
    seq bigint NOT NULL,
    n int NOT NULL,
    form int NOT NULL,
    op text NOT NULL CHECK (op IN ('+', '~', '-', 'A')),
    row_id bigint NOT NULL,
    kept_id bigint,
    digest bytea NOT NULL CHECK (length(digest) = 32),
    salt bytea,
    PRIMARY KEY (seq, n)
);

-- What this transaction has written so far, a row for each statement.  A crash may empty it:
-- whatever was in it was then never committed.
CREATE UNLOGGED TABLE ledger.pending (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    actor text NOT NULL DEFAULT current_setting('app.actor'),
    request text NOT NULL DEFAULT coalesce(current_setting('app.request', true), ''),
    purpose text NOT NULL DEFAULT coalesce(current_setting('app.purpose', true), ''),
    session text NOT NULL DEFAULT coalesce(current_setting('app.session', true), ''),
    form int NOT NULL,
    op text NOT NULL,
    row_ids bigint[] NOT NULL,
    kept_ids bigint[] NOT NULL,
    digests bytea[] NOT NULL,
    salts bytea[] NOT NULL
);
CREATE INDEX pending_xid ON ledger.pending (xid, id);

-- A field so written that joined fields can be read in one way only: its length comes first.
CREATE FUNCTION ledger.field(said text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(octet_length(said) || ':' || said, '~');

-- Rows of the ledger stay as they are; only a salt may go.
CREATE FUNCTION ledger.kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'entry' THEN
        OLD.salt := NULL;
        IF NEW.salt IS NULL AND NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of ledger.% stay as they are', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON ledger.link
    FOR EACH ROW EXECUTE FUNCTION ledger.kept();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON ledger.entry
    FOR EACH ROW EXECUTE FUNCTION ledger.kept();
CREATE TRIGGER whole BEFORE TRUNCATE ON ledger.link
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.kept();
CREATE TRIGGER whole BEFORE TRUNCATE ON ledger.entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.kept();
CREATE TRIGGER whole BEFORE DELETE OR TRUNCATE ON ledger.head
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.kept();

-- At commit: one link for what this transaction wrote, behind the last link there is.
-- Time never runs backwards in it, whatever the clock does.
CREATE FUNCTION ledger.seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last ledger.head;
    who record;
    said bytea;
    written int;
BEGIN
    -- The last row pending seals them all: no check of a row comes after it, which might wait for
    -- somebody who waits here for the head.
    IF NOT EXISTS (SELECT FROM ledger.pending WHERE id = NEW.id) OR EXISTS (
        SELECT FROM ledger.pending WHERE xid = pg_current_xact_id() AND id > NEW.id
    ) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO STRICT last FROM ledger.head FOR UPDATE;
    FOR who IN
        SELECT actor, request, purpose, session FROM ledger.pending
        WHERE xid = pg_current_xact_id()
        GROUP BY actor, request, purpose, session ORDER BY min(id)
    LOOP
        last.seq := last.seq + 1;
        last.at_us := greatest(
            (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, last.at_us + 1
        );
        WITH done AS (
            DELETE FROM ledger.pending p
            WHERE p.xid = pg_current_xact_id()
              AND (p.actor, p.request, p.purpose, p.session)
                = (who.actor, who.request, who.purpose, who.session)
            RETURNING p.id, p.form, p.op, p.row_ids, p.kept_ids, p.digests, p.salts
        ), rows AS (
            SELECT row_number() OVER (ORDER BY d.id, one.place)::int AS n,
                   d.form, d.op, one.row_id, one.kept_id, one.digest, one.salt
            FROM done d, unnest(d.row_ids, d.kept_ids, d.digests, d.salts)
                 WITH ORDINALITY AS one (row_id, kept_id, digest, salt, place)
        ), kept AS (
            INSERT INTO ledger.entry (seq, n, form, op, row_id, kept_id, digest, salt)
            SELECT last.seq, n, form, op, row_id, kept_id, digest, salt FROM rows
        )
        SELECT count(*), sha256(convert_to(string_agg(
            ledger.field(n::text) || ledger.field(form::text) || ledger.field(op)
            || ledger.field(row_id::text) || ledger.field(kept_id::text)
            || ledger.field(encode(digest, 'hex')), '' ORDER BY n), 'UTF8'))
        INTO written, said FROM rows;
        last.hash := sha256(last.hash || convert_to(
            ledger.field(last.seq::text) || ledger.field(last.at_us::text)
            || ledger.field(who.actor) || ledger.field(who.request)
            || ledger.field(who.purpose) || ledger.field(who.session)
            || ledger.field(pg_backend_pid()::text) || ledger.field(written::text)
            || ledger.field(encode(said, 'hex')), 'UTF8'));
        INSERT INTO ledger.link VALUES (
            last.seq, last.at_us, who.actor, who.request, who.purpose, who.session,
            pg_backend_pid(), written, said, last.hash
        );
    END LOOP;
    UPDATE ledger.head SET seq = last.seq, at_us = last.at_us, hash = last.hash;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON ledger.pending
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger.seal();

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT SELECT ON ledger.form, ledger.head, ledger.link, ledger.entry TO hatecrime_audit;
-- Where the chain ends is printed on paper and anchored, and what is captured is looked at before
-- the server starts; of what was written by whom nothing is the application's to read.
GRANT SELECT ON ledger.head, ledger.form TO hatecrime_app;
GRANT SELECT (seq, hash) ON ledger.link TO hatecrime_app;
GRANT SELECT (seq, n), UPDATE (salt) ON ledger.entry TO hatecrime_erase;
RESET ROLE;
