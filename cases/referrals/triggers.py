"""What the database itself asks of a referral and of a meeting, raw SQL included (domain 7.4).

The operations ask the same first.
"""

from __future__ import annotations

import pgtrigger


def as_its_pack(name: str) -> pgtrigger.Trigger:
    """Refuse a referral that says of itself what its pack does not: ready, gone or stopped."""
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        declare=[("pack", "disclosures_pack%ROWTYPE")],
        func="""
            SELECT * INTO pack FROM disclosures_pack WHERE id = NEW.pack_id;
            IF pack.case_id <> NEW.case_id THEN
                RAISE EXCEPTION 'A referral is of the case that its page is of.';
            END IF;
            IF NEW.state IN ('SENT', 'ACCEPTED', 'DECLINED') AND NOT EXISTS (
                SELECT FROM disclosures_send sent
                WHERE sent.pack_id = NEW.pack_id AND sent.agency_id = NEW.agency_id) THEN
                RAISE EXCEPTION 'A referral is sent when its page goes through the gate.';
            END IF;
            IF NEW.state = 'QUEUED' AND pack.state NOT IN ('READY', 'GONE') THEN
                RAISE EXCEPTION 'A referral waits to go when its page is ready.';
            END IF;
            IF NEW.state = 'REVOKED' AND pack.state <> 'STOPPED' THEN
                RAISE EXCEPTION 'A referral is stopped when its page is.';
            END IF;
            RETURN NEW;
        """,
    )


def told_where_it_may(name: str) -> pgtrigger.Trigger:
    """Refuse to say that we told a meeting what was of another case, or told MAPPA anything."""
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        declare=[("held", "referrals_meeting%ROWTYPE"), ("sent", "disclosures_send%ROWTYPE")],
        func="""
            IF NEW.direction <> 'OUT' THEN
                RETURN NEW;
            END IF;
            SELECT * INTO held FROM referrals_meeting WHERE id = NEW.meeting_id;
            SELECT * INTO sent FROM disclosures_send WHERE id = NEW.send_id;
            IF held.forum = 'MAPPA' THEN
                RAISE EXCEPTION 'At MAPPA we only receive.';
            END IF;
            IF sent.case_id <> held.case_id OR sent.agency_id <> NEW.agency_id THEN
                RAISE EXCEPTION 'What we told a meeting left for that agency, from this case.';
            END IF;
            RETURN NEW;
        """,
    )
