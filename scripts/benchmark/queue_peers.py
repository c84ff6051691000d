"""Other job systems on the same PostgreSQL: jobs that do nothing, enqueued in batches while they are carried out. Writes one
line of JSON. Run with the Python that has them: queue_peers.py pgqueuer|procrastinate <jobs> <places> <database url>"""
import asyncio, json, sys, time

BATCH = 500


def result(jobs, places, enqueued, ended):
    print(json.dumps({"jobs": jobs, "places": places, "enqueuedPerSecond": round(jobs / enqueued), "perSecond": round(jobs / ended)}))


async def pgqueuer(jobs, places, url):
    import asyncpg
    from pgqueuer import PgQueuer
    from pgqueuer.db import AsyncpgDriver, AsyncpgPoolDriver
    from pgqueuer.queries import Queries

    connection = await asyncpg.connect(url)
    queries = Queries(AsyncpgDriver(connection))
    await queries.install()
    pool = await asyncpg.create_pool(url, min_size=2, max_size=8)
    worker = PgQueuer(AsyncpgPoolDriver(pool))
    left, done = jobs, asyncio.Event()

    @worker.entrypoint("nothing")
    async def nothing(job):
        nonlocal left
        left -= 1
        if left == 0:
            done.set()

    running = asyncio.create_task(worker.run(batch_size=places))
    start = time.monotonic()
    for first in range(0, jobs, BATCH):
        count = min(BATCH, jobs - first)
        await queries.enqueue(["nothing"] * count, [b"1"] * count, [0] * count)
    enqueued = time.monotonic() - start
    await done.wait()
    # What has been carried out is written down when the worker has stopped.
    worker.shutdown.set()
    await running
    result(jobs, places, enqueued, time.monotonic() - start)


async def procrastinate(jobs, places, url):
    import procrastinate

    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, min_size=4, max_size=20))
    left, done = jobs, asyncio.Event()

    @app.task(name="nothing")
    async def nothing(number):
        nonlocal left
        left -= 1
        if left == 0:
            done.set()

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        running = asyncio.create_task(app.run_worker_async(concurrency=places, install_signal_handlers=False))
        start = time.monotonic()
        for first in range(0, jobs, BATCH):
            await nothing.batch_defer_async(*({"number": n} for n in range(first, min(first + BATCH, jobs))))
        enqueued = time.monotonic() - start
        await done.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        result(jobs, places, enqueued, time.monotonic() - start)


if __name__ == "__main__":
    import uvloop

    peer, jobs, places, url = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    uvloop.run({"pgqueuer": pgqueuer, "procrastinate": procrastinate}[peer](jobs, places, url))
