"""Invitations: made, changed, revoked and used.

A code is 128 random bits and only its hash is kept: whoever reads the database cannot let anybody in.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import col, select, update

from models import Enterprise, Invitation, InvitationUse, Supplier
from rules.refusal import Refusal
from services.access import acting_coordinator, coordinator
from services.work import Work

CODE_BYTES = 16
PREFIX = "i"
"""Tells an invitation from the other deep links."""
DEFAULTS = {"employee": (50, 7), "coordinator": (1, 2), "supplier": (2, 14)}
"""Uses and days by role."""
OWNER_DAYS = 2
REPEATS_WITHIN = timedelta(days=1)
MAX_USES = 1000
MAX_DAYS = 60


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as its coordinator sees it; `code` only at the moment it is made."""

    id: int
    role: str
    enterprise: str
    supplier_zh: str
    supplier_en: str
    uses: int
    used: int
    days: int
    expires_at: datetime
    zone: str
    revoked: bool
    code: str | None = None


def code_for(secret: str, occasion: str) -> str:
    """The code of an occasion that may come again, such as a press: its link may have been seen and passed on already,
    so it must be the same. Nobody can compute it who does not know the secret."""
    drawn = hmac.digest(secret.encode(), occasion.encode(), "sha256")[:CODE_BYTES]
    return PREFIX + urlsafe_b64encode(drawn).decode().rstrip("=")


def create_invitation(work: Work, role: str, supplier_id: int | None = None, code: str | None = None) -> Invited:
    """A coordinator invites people to the enterprise, or to one of its suppliers; without a code, with a random one."""
    _, enterprise = acting_coordinator(work)
    if role not in DEFAULTS:
        raise Refusal("not_found")
    if role == "supplier":
        supplier = work.session.get(Supplier, supplier_id) if supplier_id else None
        if supplier is None or supplier.enterprise_id != enterprise.id:
            raise Refusal("not_found")
    uses, days = DEFAULTS[role]
    of_supplier = supplier_id if role == "supplier" else None
    invitation, code = _make(work, role, enterprise.id, of_supplier, uses, days, code)
    return _seen(work, invitation, enterprise, code)


def create_owner_invitation(work: Work) -> str:
    """The code with which whoever installs the bot founds the first enterprise; earlier ones end."""
    work.session.exec(
        update(Invitation)
        .where(col(Invitation.role) == "owner", col(Invitation.revoked_at).is_(None))
        .values(revoked_at=work.now)
    )
    return _make(work, "owner", None, None, 1, OWNER_DAYS)[1]


def needs_owner(work: Work) -> bool:
    """Whether no enterprise exists yet."""
    return work.session.exec(select(Enterprise.id).limit(1)).first() is None


def _make(
    work: Work, role: str, enterprise_id: int | None, supplier_id: int | None, uses: int, days: int,
    code: str | None = None,
) -> tuple[Invitation, str]:  # fmt: skip
    code = code or PREFIX + secrets.token_urlsafe(CODE_BYTES)
    before = _made_before(work, role)
    invitation = before or Invitation(
        code_sha256="", role=role, enterprise_id=enterprise_id, supplier_id=supplier_id, uses=uses,
        expires_at=work.now + timedelta(days=days), created_at=work.now,
        created_by=work.actor.person_id if work.actor else None, made_by_update=work.update_id,
    )  # fmt: skip
    invitation.code_sha256 = _hash(code)
    work.session.add(invitation)
    work.session.flush()
    if before is None:
        work.journal("invitation_made", enterprise_id=enterprise_id, invitation_id=invitation.id, role=role)
    return invitation, code


def _made_before(work: Work, role: str) -> Invitation | None:
    """The invitation that this very update has made already; numbers of another bot's updates mean nothing."""
    if work.update_id is None:
        return None
    row = work.session.exec(select(Invitation).where(Invitation.made_by_update == work.update_id)).first()
    if row is None:
        return None
    recent = row.created_at > work.now - REPEATS_WITHIN
    if recent and row.role == role and work.actor is not None and row.created_by == work.actor.person_id:
        return row
    row.made_by_update = None
    work.session.flush()
    return None


def change_invitation(work: Work, invitation_id: int, uses: int, days: int) -> Invited:
    """Set how many may use it and how long from its making; what was used stays used."""
    invitation, enterprise = _own(work, invitation_id)
    invitation.uses = max(min(uses, MAX_USES), invitation.used, 1)
    invitation.expires_at = invitation.created_at + timedelta(days=max(1, min(days, MAX_DAYS)))
    return _seen(work, invitation, enterprise)


def revoke_invitation(work: Work, invitation_id: int) -> Invited:
    """Nobody joins with it any more; those who did stay."""
    invitation, enterprise = _own(work, invitation_id)
    if invitation.revoked_at is None:
        invitation.revoked_at = work.now
        work.journal("invitation_revoked", enterprise_id=enterprise.id, invitation_id=invitation_id)
    return _seen(work, invitation, enterprise)


def _own(work: Work, invitation_id: int) -> tuple[Invitation, Enterprise]:
    invitation = work.session.get(Invitation, invitation_id)
    if invitation is None or invitation.enterprise_id is None:
        raise Refusal("not_found")
    coordinator(work, invitation.enterprise_id)
    return invitation, work.session.get_one(Enterprise, invitation.enterprise_id)


def find_invitation(work: Work, code: str) -> Invitation:
    """The usable invitation of a code, or a Refusal that says what is wrong with it."""
    invitation = work.session.exec(select(Invitation).where(Invitation.code_sha256 == _hash(code))).first()
    if invitation is None:
        raise Refusal("invitation_unknown")
    check_usable(work, invitation)
    return invitation


def check_usable(work: Work, invitation: Invitation) -> None:
    """Refusal("invitation_revoked"), ("invitation_expired") or ("invitation_used_up")."""
    if invitation.revoked_at is not None:
        raise Refusal("invitation_revoked")
    if invitation.expires_at <= work.now:
        raise Refusal("invitation_expired")
    used = work.session.get(InvitationUse, (invitation.id, work.someone.person_id))
    if used is None and invitation.used >= invitation.uses:
        raise Refusal("invitation_used_up")


def use_invitation(work: Work, invitation: Invitation) -> None:
    """Count one use by the actor, or Refusal("invitation_used_up") if others were faster."""
    check_usable(work, invitation)
    row = {"invitation_id": invitation.id, "person_id": work.someone.person_id, "at": work.now}
    if not work.insert_once(InvitationUse, row):
        return
    claimed = work.session.exec(
        update(Invitation)
        .where(col(Invitation.id) == invitation.id, col(Invitation.used) < col(Invitation.uses))
        .values(used=col(Invitation.used) + 1)
    )
    if not claimed.rowcount:
        raise Refusal("invitation_used_up")


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()


def _seen(work: Work, invitation: Invitation, enterprise: Enterprise, code: str | None = None) -> Invited:
    assert invitation.id is not None
    supplier = work.session.get(Supplier, invitation.supplier_id) if invitation.supplier_id else None
    return Invited(
        id=invitation.id, role=invitation.role, enterprise=enterprise.name,
        supplier_zh=supplier.name_zh if supplier else "", supplier_en=supplier.name_en if supplier else "",
        uses=invitation.uses, used=invitation.used,
        days=round((invitation.expires_at - invitation.created_at) / timedelta(days=1)),
        expires_at=invitation.expires_at, zone=enterprise.zone,
        revoked=invitation.revoked_at is not None, code=code,
    )  # fmt: skip
