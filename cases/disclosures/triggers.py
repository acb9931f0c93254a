"""What the database itself asks of whoever decides, and of whatever is sent (bar rows 25, 26).

The operations ask the same first and say it in words; these stand for every other way in, raw
SQL by the running application included.  A refusal's text is the sentence the person reads.
"""

from __future__ import annotations

import pgtrigger

_HELD = """EXISTS (
    SELECT FROM staff_roleholding held JOIN staff_user who ON who.id = held.user_id
    WHERE held.user_id = {user} AND who.is_active AND held.role = ANY (ARRAY[{roles}])
      AND held.period @> {at})"""

_CONFLICTED = """EXISTS (
    SELECT FROM casework_conflict found
    WHERE found.case_id = {case} AND found.user_id = {user} AND found.lifted_at IS NULL)"""

# Nobody may decide as the sponsor while the Director could: who asked or leads, or has a
# conflict, is a Director who cannot.
_CAN = """{user} <> {asker} AND {user} IS DISTINCT FROM leader AND NOT {conflicted}"""

_DIRECTOR_FREE = """EXISTS (
    SELECT FROM staff_roleholding free JOIN staff_user who ON who.id = free.user_id
    WHERE who.is_active AND free.role = 'DIRECTOR_CO' AND free.period @> {at}
      AND {can})"""

# Whoever acts for a Director who cannot decide this cannot either: nobody chooses their decider.
_NAMED_BY_ONE_WHO_CANNOT = """NOT EXISTS (
    SELECT FROM staff_roleholding held
    WHERE held.user_id = {user} AND held.role = 'ACTING_DIRECTOR' AND held.period @> {at}
      AND {can})"""

_ROLE_OF = {
    "DIRECTOR": "'DIRECTOR_CO'",
    "DELEGATE": "'ACTING_DIRECTOR'",
    "SPONSOR": "'POLICY_SPONSOR'",
}


def _held(user: str, roles: str, at: str) -> str:
    return _HELD.format(user=user, roles=roles, at=at)


def _can(user: str, asker: str, case: str) -> str:
    conflicted = _CONFLICTED.format(case=case, user=user)
    return _CAN.format(user=user, asker=asker, conflicted=conflicted)


def _only_deciders(who: str, at: str, asker: str, case: str) -> str:
    """The questions asked of whoever decides, in PL/pgSQL; ``leader`` is whoever leads."""
    roles = " OR ".join(
        f"(NEW.capacity = '{capacity}' AND {_held(who, role, at)})"
        for capacity, role in _ROLE_OF.items()
    )
    named = _NAMED_BY_ONE_WHO_CANNOT.format(
        user=who, at=at, can=_can("held.granted_by_id", asker, case)
    )
    free = _DIRECTOR_FREE.format(at=at, can=_can("free.user_id", asker, case))
    return f"""
            IF NOT ({roles}) THEN
                RAISE EXCEPTION 'Only the Director of Customer Operations decides to tell the '
                    'police without permission.';
            END IF;
            IF {_CONFLICTED.format(case=case, user=who)} THEN
                RAISE EXCEPTION 'Somebody with a conflict of interest decides nothing here.';
            END IF;
            IF {who} = {asker} OR {who} IS NOT DISTINCT FROM leader THEN
                RAISE EXCEPTION 'Whoever asked or leads does not decide.';
            END IF;
            IF NEW.capacity = 'DELEGATE' AND {named} THEN
                RAISE EXCEPTION 'The Director acted for cannot decide this.';
            END IF;
            IF NEW.capacity = 'SPONSOR' AND {free} THEN
                RAISE EXCEPTION 'The Director can decide this, so the policy sponsor does not.';
            END IF;
    """


def deciders_only(name: str) -> pgtrigger.Trigger:
    """Refuse a decision by anybody but whom domain 7.5 names, on anything but what was asked.

    What is decided waits for it, unless it was said on the phone and confirmed; what is
    approved is a file of the request's own pack.
    """
    asks = _only_deciders("NEW.decided_by_id", "NEW.decided_at", "NEW.asked_by_id", "NEW.case_id")
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        declare=[("asked", "disclosures_request%ROWTYPE"), ("leader", "bigint")],
        func=f"""
            SELECT * INTO asked FROM disclosures_request WHERE id = NEW.request_id;
            SELECT lead_id INTO leader FROM casework_case WHERE id = asked.case_id;
            IF NEW.case_id <> asked.case_id OR NEW.asked_by_id <> asked.begun_by_id
               OR NEW.lead_id IS DISTINCT FROM leader THEN
                RAISE EXCEPTION 'A decision names its own request, who asked and who leads.';
            END IF;
            IF NOT NEW.by_phone THEN
                {asks}
                IF asked.state <> 'WAITING' THEN
                    RAISE EXCEPTION 'This request does not wait for a decision.';
                END IF;
            -- Who may say it on the phone was asked when it was written down.
            ELSIF NOT EXISTS (
                SELECT FROM disclosures_phoneapproval said
                WHERE said.request_id = asked.id AND said.director_id = NEW.decided_by_id
                  AND said.state = 'CONFIRMED' AND said.seal = NEW.seal) THEN
                RAISE EXCEPTION 'Nobody confirmed that this was said on the phone.';
            END IF;
            IF NEW.file_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM disclosures_packfile made
                WHERE made.id = NEW.file_id AND made.pack_id = asked.pack_id
                  AND made.seal = NEW.seal) THEN
                RAISE EXCEPTION 'What is approved is the page that was asked for.';
            END IF;
            RETURN NEW;
        """,  # noqa: S608 (our own names only)
    )


def reviewers_only(name: str) -> pgtrigger.Trigger:
    """Refuse a look back at a 999 call by whoever wrote it down, or by no decider."""
    asks = _only_deciders("NEW.by_id", "NEW.at", "rung.recorded_by_id", "rung.case_id")
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        declare=[("rung", "disclosures_emergency%ROWTYPE"), ("leader", "bigint")],
        func=f"""
            SELECT * INTO rung FROM disclosures_emergency WHERE id = NEW.emergency_id;
            SELECT lead_id INTO leader FROM casework_case WHERE id = rung.case_id;
            {asks}
            RETURN NEW;
        """,  # noqa: S608 (our own names only)
    )


def phone_by_the_director(name: str) -> pgtrigger.Trigger:
    """Refuse a phone approval in the name of anybody who could not have given it."""
    held = _held("NEW.director_id", "'DIRECTOR_CO', 'ACTING_DIRECTOR'", "NEW.called_at")
    can = _can("NEW.director_id", "asked.begun_by_id", "asked.case_id")
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        declare=[("asked", "disclosures_request%ROWTYPE"), ("leader", "bigint")],
        func=f"""
            SELECT * INTO asked FROM disclosures_request WHERE id = NEW.request_id;
            SELECT lead_id INTO leader FROM casework_case WHERE id = asked.case_id;
            IF NOT {held} THEN
                RAISE EXCEPTION 'Only the Director of Customer Operations approves by phone.';
            END IF;
            IF NOT ({can}) THEN
                RAISE EXCEPTION 'Whoever asked, leads or has a conflict cannot approve.';
            END IF;
            IF asked.state <> 'WAITING' OR NOT EXISTS (
                SELECT FROM disclosures_packfile made
                WHERE made.id = NEW.file_id AND made.pack_id = asked.pack_id
                  AND made.seal = NEW.seal) THEN
                RAISE EXCEPTION 'What is approved is the page that was asked for.';
            END IF;
            RETURN NEW;
        """,  # noqa: S608 (our own names only)
    )


_APPROVED_BEFORE_IT_GOES = """
            SELECT * INTO going FROM disclosures_packfile WHERE id = NEW.file_id;
            SELECT * INTO pack FROM disclosures_pack WHERE id = NEW.pack_id;
            IF going.pack_id <> pack.id OR going.version <> pack.version OR going.seal <> NEW.seal
               OR pack.case_id <> NEW.case_id OR pack.agency_id <> NEW.agency_id
               OR pack.door <> NEW.door OR pack.state <> 'READY' THEN
                RAISE EXCEPTION 'What is sent is the pack as it stands, and nothing else.';
            END IF;
            IF going.sha256 <> encode(sha256(going.content), 'hex') THEN
                RAISE EXCEPTION 'These are not the bytes that were sealed.';
            END IF;
            IF NOT EXISTS (
                SELECT FROM partners_agencycontact unit
                JOIN partners_agency there ON there.id = unit.agency_id
                WHERE unit.id = pack.contact_id AND unit.agency_id = NEW.agency_id
                  AND unit.ended_at IS NULL AND there.ended_at IS NULL
                  AND unit.verified_on IS NOT NULL
                  AND (going.recipient ->> 'contact')::bigint = unit.id
                  AND going.recipient ->> 'unit' = unit.unit
                  AND going.recipient ->> 'person' = unit.person
                  AND going.recipient ->> 'secure_email' = unit.secure_email
                  AND going.recipient ->> 'portal' = unit.portal
                  AND going.recipient ->> 'phone' = unit.phone
                  AND going.recipient ->> 'post_address' = unit.post_address) THEN
                RAISE EXCEPTION 'Whom it goes to was changed, or has not been checked.';
            END IF;
            IF NEW.door = 'D8' OR (NEW.door = '' AND NOT EXISTS (
                SELECT FROM partners_agency WHERE id = NEW.agency_id AND kind = 'ASB_TEAM')) THEN
                RAISE EXCEPTION 'Nothing lets them be told in this way.';
            END IF;
            IF NEW.door = 'D3' AND NOT EXISTS (
                SELECT FROM disclosures_decision said
                JOIN disclosures_request asked ON asked.id = said.request_id
                WHERE asked.pack_id = pack.id AND said.verdict <> 'DECLINE'
                  AND said.seal = NEW.seal AND said.valid_until >= NEW.sent_at
                  AND asked.state IN ('APPROVED', 'REDUCED')
                UNION ALL
                SELECT FROM disclosures_phoneapproval phoned
                JOIN disclosures_request asked ON asked.id = phoned.request_id
                WHERE asked.pack_id = pack.id AND phoned.state = 'WAITING'
                  AND phoned.seal = NEW.seal AND phoned.valid_until >= NEW.sent_at
                  AND asked.state = 'WAITING') THEN
                RAISE EXCEPTION 'The Director has not approved exactly this.';
            END IF;
            IF NEW.door = 'D3' AND NOT EXISTS (
                SELECT FROM partners_agency WHERE id = NEW.agency_id AND kind = 'POLICE') THEN
                RAISE EXCEPTION 'Only the police may be told in this way.';
            END IF;
            IF NEW.door IN ('D2', 'D4', 'D5', 'D6') AND NOT EXISTS (
                SELECT FROM disclosures_packapproval yes
                WHERE yes.file_id = NEW.file_id AND yes.door = NEW.door) THEN
                RAISE EXCEPTION 'A second person has not approved this yet.';
            END IF;
            RETURN NEW;
        """


def one_way_out(name: str) -> pgtrigger.Trigger:
    """Refuse a send that no approval covers: of these bytes, to this recipient, in time.

    Every one is of the bytes that were sealed, to the unit as it was then, checked and in use.
    D3 needs a live approval of exactly the seal that goes, to the police; D2, D4, D5 and D6
    need the second person's yes to that file; without a door only our own antisocial behaviour
    team is told; D8 is the 999 call itself, and sends nothing (domain 7.4).
    """
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        declare=[("going", "disclosures_packfile%ROWTYPE"), ("pack", "disclosures_pack%ROWTYPE")],
        func=_APPROVED_BEFORE_IT_GOES,
    )
