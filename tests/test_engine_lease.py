"""The lease: how long a worker may believe that what it claimed is its own."""

from __future__ import annotations

from datetime import timedelta

from engine.lease import LASTS, Lease
from store.workers import STALE_AFTER
from tests.store_samples import NOW


def test_it_lapses_long_before_others_take_the_worker_for_dead() -> None:
    lease = Lease()
    lease.renew(NOW)
    assert lease.holds(lease.term, NOW + LASTS - timedelta(seconds=1))
    assert not lease.holds(lease.term, NOW + LASTS)
    assert STALE_AFTER - timedelta(seconds=10) >= LASTS


def test_a_heartbeat_after_a_lapse_restores_it() -> None:
    lease = Lease()
    lease.renew(NOW)
    lease.renew(NOW + LASTS)
    assert lease.holds(0, NOW + LASTS)


def test_a_worker_that_begins_again_holds_nothing_that_it_claimed_before() -> None:
    lease = Lease()
    before = lease.term
    lease.renew(NOW, begun_again=True)
    assert not lease.holds(before, NOW)
    assert lease.holds(lease.term, NOW)


def test_a_worker_that_ends_holds_nothing_any_more() -> None:
    lease = Lease()
    before = lease.term
    lease.end()
    assert not lease.holds(before, NOW)


def test_without_heartbeats_it_never_lapses() -> None:
    assert Lease().holds(0, NOW)
