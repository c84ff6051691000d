"""Runs the scenarios: python3 scripts/scenarios [NUMBER or FROM-TO ...]"""
import sys, time, traceback

import accounts, billing, limits, messages, money, queues, records, serving, sockets  # each adds its scenarios to the list
from scenario import SCENARIOS, Failed, Partly
from stage import Stage


def wished(words):
    """The numbers asked for; the one that waits for a token to expire comes last."""
    if not words:
        return sorted(SCENARIOS, key=lambda n: (n == 5, n))
    numbers = set()
    for word in words:
        first, _, last = word.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return [n for n in sorted(SCENARIOS) if n in numbers]


def main():
    numbers = wished(sys.argv[1:])
    failed, partly, begun = [], [], time.monotonic()
    with Stage() as stage:
        if 5 in numbers:
            accounts.short_token_of(stage)
        for number in numbers:
            title, run = SCENARIOS[number]
            since = time.monotonic()
            try:
                said = run(stage)
                if isinstance(said, Partly):
                    partly.append(number)
                    line = f"{number:2} partly  {title} ({said.why})"
                else:
                    line = f"{number:2} ok      {title}" + (f" ({said})" if said else "")
            except Failed as problem:
                failed.append(number)
                line = f"{number:2} FAILED  {title}: {problem}"
            except Exception as problem:
                failed.append(number)
                where = traceback.extract_tb(problem.__traceback__)[-1]
                line = f"{number:2} FAILED  {title}: {type(problem).__name__} {problem} at {where.filename.split('/')[-1]}:{where.lineno}"
            finally:
                stage.reset()
            print(f"{line} [{time.monotonic() - since:.1f} s]", flush=True)
        if failed:
            stage.keep()
    words = lambda numbers: ", ".join(map(str, numbers))
    print(f"{len(numbers) - len(failed) - len(partly)} of {len(numbers)} scenarios hold, in {time.monotonic() - begun:.0f} s"
          + (f"; in part {words(partly)}" if partly else "") + (f"; not {words(failed)}" if failed else ""))
    return 1 if failed else 0


sys.exit(main())
