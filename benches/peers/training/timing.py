"""The tasks that both libraries do, and how a figure is taken."""

import statistics
import time

# Sizes and batch of the perceptrons, as in `benches/train.rs`.
MODELS = [((2, 64, 64, 2), 32), ((784, 256, 128, 10), 64), ((784, 1024, 1024, 10), 256)]
# Their learning rate, so small that they stay as they are.
RATE = 1e-9
# The one whose gradient and Hessian-vector product are taken, with tanh.
CURVED = MODELS[1]
# How many parameters the update alone moves.
LARGE = 16_000_000
# Steps of descent on Rosenbrock's function inside of one call, and runs at once, as in `benches/cpu.rs`.
DESCENT = [(1, 100_000), (4096, 1000)]

# Seconds that a figure is measured for, and samples that its median is taken of.
SECONDS, SAMPLES = 3.0, 30
SHORTEST = 2e-3


def step(sizes, batch):
    return f"adam step {'-'.join(map(str, sizes))} b{batch}"


def derivative(which):
    sizes, batch = CURVED
    return f"derivatives tanh {'-'.join(map(str, sizes))} b{batch}/{which}"


def compilation(sizes, batch):
    return f"compile {'-'.join(map(str, sizes))} b{batch}"


def descent(runs):
    return f"adam on rosenbrock, {runs} run{'s' if runs > 1 else ''}, each step of a run"


ALONE = "adam alone 16M"


class Figures:
    """Takes figures and keeps them; tasks whose name does not hold the chosen text are left out."""

    def __init__(self, chosen=""):
        self.rows, self.chosen = [], chosen

    def wants(self, task):
        return self.chosen in task

    def note(self, task, library, how, samples):
        median = statistics.median(samples)
        self.rows.append({"task": task, "library": library, "how": how, "median": median, "least": min(samples)})

    def time(self, task, library, how, run, share=1):
        """Times `run(n)`, which does the work `n` times and waits for its end. Each of the `n` counts as `share`."""
        if not self.wants(task):
            return
        run(3)
        start = time.perf_counter()
        run(3)
        each = (time.perf_counter() - start) / 3
        # A sample is long enough for the clock, and short enough that there are many.
        n = max(1, round(max(SHORTEST, min(SECONDS / SAMPLES, 20 * each)) / each))
        samples, begin = [], time.perf_counter()
        while len(samples) < 5 or (len(samples) < SAMPLES and time.perf_counter() - begin < SECONDS):
            start = time.perf_counter()
            run(n)
            samples.append((time.perf_counter() - start) / n / share)
        self.note(task, library, how, samples)
