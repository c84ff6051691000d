"""Atrium without peers. DATABASE_URL names a database; without it a private one is kept beside and only asked."""
import os, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import footprint, sockets
from process import Atrium, report

folder = os.path.abspath(".build/bench")
os.makedirs(folder, exist_ok=True)
log = folder + "/atrium.log"
data = folder + "/data"
keeper = None
try:
    environment = {"DATA_DIR": data}
    if not os.environ.get("DATABASE_URL"):
        # A first server keeps the database; what is measured is a second one that finds it running.
        keeper = Atrium({"DATA_DIR": data}, log)
        print(f"first start with a database of its own: {keeper.start():.0f} ms")
        keeper.stop()
        print(f"second start with a database of its own: {keeper.start():.0f} ms")
        with open(log) as lines:
            place = [line.split(" its own, in ")[1].strip() for line in lines if " its own, in " in line][-1]
        environment["DATABASE_URL"] = f"postgresql:///atrium?host={place}/sockets&user=atrium"
    rows = footprint.measure(Atrium(environment, log))
    database = environment.get("DATABASE_URL") or os.environ["DATABASE_URL"]
    report(rows + sockets.measure(Atrium({**environment, "MAX_SOCKETS_PER_USER": "100000"}, log), database))
finally:
    if keeper:
        keeper.stop()
