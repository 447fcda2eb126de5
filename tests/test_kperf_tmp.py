import time
from tests.journeys import Journey
from tests.test_journey_issues import *
from engine.doing import do
def test_perf(quick_journey):
    j=quick_journey
    (j.rules / "agents.yaml").write_text("agents:\n"f"  - {{address: {j.sam}, name: Sam, languages: [en, fa, ar], roles: [agent, admin]}}\n","utf-8")
    for n in range(600):
        j.customer_writes(BROKEN, sender=f"c{n}@example.com")
        if n%100==99: j.work()
    w=j.worker.desk
    t=time.monotonic(); do(w, ISSUE, agent=j.sam, number=None); print("ISSUE", time.monotonic()-t)
    t=time.monotonic(); j.work(); print("SWEEP", time.monotonic()-t)
    t=time.monotonic(); j.work(); print("IDLE", time.monotonic()-t)
    t=time.monotonic(); do(w, FIXED, agent=j.sam, number=None); print("FIXED", time.monotonic()-t)
    t=time.monotonic(); do(w, "yes", agent=j.sam, number=None); print("YES", time.monotonic()-t)
    print("CONC", len(j.events("concerned")))
    j.clock.skip(hours=11)
    t=time.monotonic(); j.work(); print("TOLD", len(j.events("told-fixed")), time.monotonic()-t)
