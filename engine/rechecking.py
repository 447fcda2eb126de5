"""The first look at a mailbox after a backup was put back: nothing is lost, and nobody is answered twice.

What an older worker took in since the backup lies in the folder for such mail: it is brought back and taken
in once more. Whatever lies in the mailbox then may have been answered, so no letter to a customer leaves for
it by itself: a person decides. Later mail is answered as always.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from cases.saying import Say
from engine.desk import Desk
from engine.recording import Box
from engine.troubles import tell_admins
from inbox.mailbox import Filed, Mailbox
from store import restores
from store.models import Restore

log = structlog.get_logger()


def looked_over(desk: Desk, mailbox: Mailbox, box: Box) -> Box:
    """The box with what is known of an older worker's mails in it; an ordinary start costs two questions."""
    with desk.database.read() as session:
        restore = restores.to_recheck(session, box.mailbox_id, desk.clock())
        upto = restores.doubtful_upto(session, box.mailbox_id, box.uidvalidity)
    if restore is not None:
        upto = _recheck(desk, mailbox, box, restore)
    return Box(box.mailbox_id, box.uidvalidity, upto)


def _recheck(desk: Desk, mailbox: Mailbox, box: Box, restore: Restore) -> int:
    """Ended before its last line, it begins anew the next time, and finds less to do."""
    brought = mailbox.bring_back(lambda mails: _unknown(desk, mails))
    upto = max(mailbox.uids(), default=0)
    with desk.database.write() as session:
        restores.rechecked(session, box.mailbox_id, box.uidvalidity, upto, desk.clock())
        say = Say("restored", {"until": restore.knows_until, "kept": restore.kept_back})
        tell_admins(desk, session, f"restored/{restore.id}", say)
    log.warning("a backup was put back: mail that it does not know is taken in again", mails=brought)
    return upto


def _unknown(desk: Desk, mails: Sequence[Filed]) -> list[int]:
    with desk.database.read() as session:
        return restores.unknown(session, [(one.uid, one.message_id, one.size) for one in mails])
