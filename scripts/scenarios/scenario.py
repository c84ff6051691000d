"""What a scenario is, and how it says what it expected."""
import threading, time

class Failed(Exception):
    """Something was not as the specification has it."""


class Partly:
    """What a scenario returns that could not see everything: `why` says what is not there to be seen."""

    def __init__(self, why):
        self.why = why


class Scenarios(dict):
    """What a specification has of them, by number."""

    def __call__(self, number, title):
        """Adds a function; what it returns is said behind its title."""
        def add(run):
            self[number] = (title, run)
            return run
        return add


# The platform's.
scenario = Scenarios()


def expect(got, wanted, what):
    if got != wanted:
        raise Failed(f"{what}: expected {brief(wanted)} got {brief(got)}")


def expect_status(answer, status, code=None, what=None):
    """The status of an answer and, of a refusal, its code."""
    what = what or answer.what
    if answer.status != status:
        raise Failed(f"{what}: expected {status} got {answer.status} {brief(answer.text)}")
    if code is not None and answer.code != code:
        raise Failed(f"{what}: expected {code} got {answer.code}")
    return answer


def expect_true(holds, what):
    if not holds:
        raise Failed(what)


def statuses(answers):
    return sorted(a.status for a in answers)


def until(look, what, seconds=10.0, every=0.05):
    """Waits until `look` finds something, and gives it; what it found last is said when it never does."""
    end = time.monotonic() + seconds
    found = None
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(every)
    raise Failed(f"{what}: not within {seconds:g} s")


def at_once(*runs):
    """Runs all of them at the same moment, and gives what each returned."""
    gate = threading.Barrier(len(runs))
    results = [None] * len(runs)

    def one(index, run):
        gate.wait()
        try:
            results[index] = run()
        except Exception as problem:
            results[index] = problem
    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


def brief(value):
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) < 300 else text[:300] + "…"
