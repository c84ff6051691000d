"""Runs the scenarios: python3 scripts/scenarios [urgent] [NUMBER or FROM-TO ...]"""
import sys, time, traceback

from scenario import Failed, Partly


def wished(words, scenarios, last):
    """The numbers asked for; the one that waits for something while others run comes last."""
    if not words:
        return sorted(scenarios, key=lambda n: (n == last, n))
    numbers = set()
    for word in words:
        first, _, last = word.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return [n for n in sorted(scenarios) if n in numbers]


def platform(words):
    """Stage, scenarios, numbers, and what is begun before the first."""
    import accounts, billing, limits, messages, money, queues, records, serving, sockets  # each adds its scenarios to the list
    from scenario import scenario
    from stage import Stage
    numbers = wished(words, scenario, last=5)  # waits for a token to expire
    return Stage, scenario, numbers, lambda stage: accounts.short_token_of(stage) if 5 in numbers else None


def urgent(words):
    from urgent import feed, endings, money, news, opinions, orders, people, staff, takes
    from urgent.board import Board, scenario
    return Board, scenario, wished(words, scenario, last=None), lambda board: None


def main():
    words = sys.argv[1:]
    kind, scenarios, numbers, begin = urgent(words[1:]) if words[:1] == ["urgent"] else platform(words)
    failed, partly, begun = [], [], time.monotonic()
    with kind() as stage:
        begin(stage)
        for number in numbers:
            title, run = scenarios[number]
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
